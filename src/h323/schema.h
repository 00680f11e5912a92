/* schema.h - the names of the tables in schema.c: types, and the fields of each.
 *
 * Written by tools/h323-tables from the schema of H.225.0 v7, H.245 v15, H.235 and the parameters of
 * H.460.18/.19; not edited by hand. A type is H225_Setup_UUIE_T, its fields
 * H225_Setup_UUIE_sourceAddress and so on, counted from 0 over root and additions. */
#ifndef H323_SCHEMA_H
#define H323_SCHEMA_H

#include "h323/per.h"

/* clang-format off */
extern const struct per_schema h323_schema;

enum h323_type {
	H245_MultimediaSystemControlMessage_T = 1,
	H245_RequestMessage_T = 2,
	H245_NonStandardMessage_T = 3,
	H245_NonStandardParameter_T = 4,
	H245_NonStandardIdentifier_T = 5,
	H245_MasterSlaveDetermination_T = 11,
	H245_TerminalCapabilitySet_T = 13,
	H245_MultiplexCapability_T = 14,
	H245_H222Capability_T = 15,
	H245_VCCapability_T = 17,
	H245_Q2931Address_T = 26,
	H245_H223Capability_T = 32,
	H245_H223AnnexCCapability_T = 40,
	H245_V76Capability_T = 45,
	H245_V75Capability_T = 49,
	H245_H2250Capability_T = 50,
	H245_MultipointCapability_T = 51,
	H245_MediaDistributionCapability_T = 52,
	H245_DataApplicationCapability_T = 53,
	H245_DataProtocolCapability_T = 55,
	H245_CompressionType_T = 57,
	H245_V42bis_T = 58,
	H245_T84Profile_T = 61,
	H245_T38FaxProfile_T = 65,
	H245_T38FaxRateManagement_T = 66,
	H245_T38FaxUdpOptions_T = 67,
	H245_T38FaxTcpOptions_T = 70,
	H245_GenericCapability_T = 71,
	H245_CapabilityIdentifier_T = 72,
	H245_GenericParameter_T = 76,
	H245_ParameterIdentifier_T = 77,
	H245_ParameterValue_T = 79,
	H245_MediaPacketizationCapability_T = 85,
	H245_RTPPayloadType_T = 86,
	H245_TransportCapability_T = 90,
	H245_QOSCapability_T = 91,
	H245_RSVPParameters_T = 92,
	H245_QOSMode_T = 93,
	H245_ATMParameters_T = 95,
	H245_GenericTransportParameters_T = 96,
	H245_ServicePriority_T = 97,
	H245_ServicePriorityValue_T = 98,
	H245_AuthorizationParameters_T = 100,
	H245_QOSDescriptor_T = 101,
	H245_QOSType_T = 102,
	H245_QOSClass_T = 103,
	H245_MediaChannelCapability_T = 106,
	H245_MediaTransportType_T = 107,
	H245_RedundancyEncodingCapability_T = 110,
	H245_RedundancyEncodingMethod_T = 111,
	H245_RTPH263VideoRedundancyEncoding_T = 112,
	H245_RTPH263VideoRedundancyFrameMapping_T = 115,
	H245_CapabilityTableEntry_T = 122,
	H245_Capability_T = 123,
	H245_VideoCapability_T = 124,
	H245_H261VideoCapability_T = 125,
	H245_H262VideoCapability_T = 127,
	H245_H263VideoCapability_T = 131,
	H245_EnhancementLayerInfo_T = 136,
	H245_EnhancementOptions_T = 137,
	H245_H263Options_T = 138,
	H245_TransparencyParameters_T = 139,
	H245_RefPictureSelection_T = 141,
	H245_CustomPictureClockFrequency_T = 148,
	H245_CustomPictureFormat_T = 152,
	H245_H263VideoModeCombos_T = 163,
	H245_H263ModeComboFlags_T = 164,
	H245_H263Version3Options_T = 165,
	H245_BEnhancementParameters_T = 169,
	H245_IS11172VideoCapability_T = 172,
	H245_ExtendedVideoCapability_T = 173,
	H245_AudioCapability_T = 176,
	H245_IS11172AudioCapability_T = 178,
	H245_IS13818AudioCapability_T = 180,
	H245_G7231AnnexCCapability_T = 182,
	H245_GSMAudioCapability_T = 187,
	H245_G729Extensions_T = 188,
	H245_VBDCapability_T = 189,
	H245_NoPTAudioTelephonyEventCapability_T = 190,
	H245_NoPTAudioToneCapability_T = 192,
	H245_ConferenceCapability_T = 194,
	H245_H235SecurityCapability_T = 196,
	H245_EncryptionAuthenticationAndIntegrity_T = 197,
	H245_EncryptionCapability_T = 198,
	H245_MediaEncryptionAlgorithm_T = 199,
	H245_AuthenticationCapability_T = 200,
	H245_IntegrityCapability_T = 201,
	H245_UserInputCapability_T = 202,
	H245_MultiplexedStreamCapability_T = 204,
	H245_MultiplexFormat_T = 205,
	H245_AlternativeCapabilitySet_T = 206,
	H245_AudioTelephonyEventCapability_T = 208,
	H245_AudioToneCapability_T = 210,
	H245_DepFECCapability_T = 211,
	H245_MultiplePayloadStreamCapability_T = 214,
	H245_FECCapability_T = 215,
	H245_CapabilityDescriptor_T = 219,
	H245_GenericMessage_T = 221,
	H245_GenericInformation_T = 221,
	H245_OpenLogicalChannel_T = 223,
	H245_DataType_T = 225,
	H245_EncryptionMode_T = 226,
	H245_H235Media_T = 227,
	H245_RedundancyEncoding_T = 229,
	H245_RedundancyEncodingElement_T = 231,
	H245_MultiplePayloadStream_T = 233,
	H245_MultiplePayloadStreamElement_T = 234,
	H245_DepFECData_T = 236,
	H245_FECData_T = 242,
	H245_MultiplexedStreamParameter_T = 247,
	H245_H222LogicalChannelParameters_T = 249,
	H245_H223LogicalChannelParameters_T = 251,
	H245_H223AL1MParameters_T = 255,
	H245_H223AnnexCArqParameters_T = 261,
	H245_H223AL2MParameters_T = 264,
	H245_H223AL3MParameters_T = 266,
	H245_V76LogicalChannelParameters_T = 270,
	H245_V76HDLCParameters_T = 271,
	H245_CRCLength_T = 272,
	H245_V75Parameters_T = 277,
	H245_H2250LogicalChannelParameters_T = 278,
	H245_TransportAddress_T = 279,
	H245_UnicastAddress_T = 280,
	H245_MulticastAddress_T = 290,
	H245_TerminalLabel_T = 293,
	H245_NetworkAccessParameters_T = 298,
	H245_EncryptionSync_T = 304,
	H245_EscrowData_T = 306,
	H245_CloseLogicalChannel_T = 309,
	H245_RequestChannelClose_T = 312,
	H245_MultiplexEntrySend_T = 314,
	H245_MultiplexEntryDescriptor_T = 315,
	H245_MultiplexElement_T = 316,
	H245_RequestMultiplexEntry_T = 322,
	H245_RequestMode_T = 324,
	H245_ModeDescription_T = 325,
	H245_ModeElement_T = 326,
	H245_ModeElementType_T = 327,
	H245_VideoMode_T = 328,
	H245_H261VideoMode_T = 329,
	H245_H262VideoMode_T = 331,
	H245_H263VideoMode_T = 333,
	H245_IS11172VideoMode_T = 335,
	H245_AudioMode_T = 336,
	H245_IS11172AudioMode_T = 338,
	H245_IS13818AudioMode_T = 342,
	H245_G7231AnnexCMode_T = 346,
	H245_VBDMode_T = 348,
	H245_DataMode_T = 349,
	H245_H235Mode_T = 353,
	H245_RedundancyEncodingDTMode_T = 355,
	H245_RedundancyEncodingDTModeElement_T = 356,
	H245_FECMode_T = 358,
	H245_MultiplePayloadStreamMode_T = 361,
	H245_MultiplePayloadStreamElementMode_T = 362,
	H245_DepFECMode_T = 364,
	H245_H223ModeParameters_T = 370,
	H245_V76ModeParameters_T = 373,
	H245_H2250ModeParameters_T = 374,
	H245_RedundancyEncodingMode_T = 375,
	H245_MultiplexedStreamModeParameters_T = 377,
	H245_RoundTripDelayRequest_T = 379,
	H245_MaintenanceLoopRequest_T = 380,
	H245_CommunicationModeRequest_T = 382,
	H245_ConferenceRequest_T = 383,
	H245_CertSelectionCriteria_T = 385,
	H245_Criteria_T = 386,
	H245_RemoteMCRequest_T = 387,
	H245_MultilinkRequest_T = 388,
	H245_DialingInformation_T = 391,
	H245_DialingInformationNumber_T = 392,
	H245_DialingInformationNetworkType_T = 395,
	H245_ConnectionIdentifier_T = 399,
	H245_LogicalChannelRateRequest_T = 402,
	H245_ResponseMessage_T = 403,
	H245_MasterSlaveDeterminationAck_T = 404,
	H245_MasterSlaveDeterminationReject_T = 406,
	H245_TerminalCapabilitySetAck_T = 408,
	H245_TerminalCapabilitySetReject_T = 409,
	H245_OpenLogicalChannelAck_T = 412,
	H245_H2250LogicalChannelAckParameters_T = 416,
	H245_OpenLogicalChannelReject_T = 417,
	H245_CloseLogicalChannelAck_T = 419,
	H245_RequestChannelCloseAck_T = 420,
	H245_RequestChannelCloseReject_T = 421,
	H245_MultiplexEntrySendAck_T = 423,
	H245_MultiplexEntrySendReject_T = 424,
	H245_MultiplexEntryRejectionDescriptions_T = 425,
	H245_RequestMultiplexEntryAck_T = 428,
	H245_RequestMultiplexEntryReject_T = 429,
	H245_RequestMultiplexEntryRejectionDescriptions_T = 430,
	H245_RequestModeAck_T = 433,
	H245_RequestModeReject_T = 435,
	H245_RoundTripDelayResponse_T = 437,
	H245_MaintenanceLoopAck_T = 438,
	H245_MaintenanceLoopReject_T = 440,
	H245_CommunicationModeResponse_T = 443,
	H245_CommunicationModeTableEntry_T = 444,
	H245_ConferenceResponse_T = 448,
	H245_RequestAllTerminalIDsResponse_T = 463,
	H245_TerminalInformation_T = 464,
	H245_RemoteMCResponse_T = 466,
	H245_MultilinkResponse_T = 468,
	H245_LogicalChannelRateAcknowledge_T = 475,
	H245_LogicalChannelRateReject_T = 476,
	H245_LogicalChannelRateRejectReason_T = 477,
	H245_CommandMessage_T = 478,
	H245_MaintenanceLoopOffCommand_T = 479,
	H245_SendTerminalCapabilitySet_T = 480,
	H245_EncryptionCommand_T = 483,
	H245_FlowControlCommand_T = 485,
	H245_EndSessionCommand_T = 488,
	H245_MiscellaneousCommand_T = 491,
	H245_EncryptionUpdateRequest_T = 499,
	H245_KeyProtectionMethod_T = 500,
	H245_PictureReference_T = 505,
	H245_EncryptionUpdateDirection_T = 510,
	H245_CommunicationModeCommand_T = 511,
	H245_ConferenceCommand_T = 512,
	H245_SubstituteConferenceIDCommand_T = 513,
	H245_H223MultiplexReconfiguration_T = 514,
	H245_NewATMVCCommand_T = 517,
	H245_MobileMultilinkReconfigurationCommand_T = 526,
	H245_IndicationMessage_T = 528,
	H245_FunctionNotUnderstood_T = 529,
	H245_MasterSlaveDeterminationRelease_T = 530,
	H245_TerminalCapabilitySetRelease_T = 531,
	H245_OpenLogicalChannelConfirm_T = 532,
	H245_RequestChannelCloseRelease_T = 533,
	H245_MultiplexEntrySendRelease_T = 534,
	H245_RequestMultiplexEntryRelease_T = 535,
	H245_RequestModeRelease_T = 536,
	H245_MiscellaneousIndication_T = 537,
	H245_JitterIndication_T = 540,
	H245_H223SkewIndication_T = 544,
	H245_NewATMVCIndication_T = 545,
	H245_UserInputIndication_T = 554,
	H245_Params_T = 559,
	H245_H2250MaximumSkewIndication_T = 567,
	H245_MCLocationIndication_T = 568,
	H245_ConferenceIndication_T = 569,
	H245_TerminalYouAreSeeingInSubPictureNumber_T = 571,
	H245_VideoIndicateCompose_T = 572,
	H245_VendorIdentification_T = 573,
	H245_FunctionNotSupported_T = 575,
	H245_MultilinkIndication_T = 577,
	H245_LogicalChannelRateRelease_T = 580,
	H245_FlowControlIndication_T = 581,
	H245_MobileMultilinkReconfigurationIndication_T = 584,
	H235_NonStandardParameter_T = 587,
	H235_DHset_T = 588,
	H235_ECpoint_T = 590,
	H235_ECKASDH_T = 592,
	H235_ECGDSASignature_T = 595,
	H235_TypedCertificate_T = 596,
	H235_AuthenticationBES_T = 597,
	H235_AuthenticationMechanism_T = 598,
	H235_ClearToken_T = 599,
	H235_H235Key_T = 600,
	H235_Params_T = 602,
	H235_EncodedKeySignedMaterial_T = 604,
	H235_KeySignedMaterial_T = 605,
	H235_V3KeySyncMaterial_T = 608,
	H235_ProfileElement_T = 609,
	H235_Element_T = 610,
	H235_EncodedGeneralToken_T = 613,
	H235_PwdCertToken_T = 599,
	H235_EncodedPwdCertToken_T = 614,
	H235_CryptoToken_T = 615,
	H235_H235CertificateSignature_T = 623,
	H235_EncodedReturnSig_T = 625,
	H235_ReturnSig_T = 626,
	H235_KeySyncMaterial_T = 627,
	H235_EncodedKeySyncMaterial_T = 628,
	H225_H323_UserInformation_T = 629,
	H225_H323_UU_PDU_T = 630,
	H225_Setup_UUIE_T = 632,
	H225_TransportAddress_T = 633,
	H225_NonStandardParameter_T = 639,
	H225_NonStandardIdentifier_T = 640,
	H225_H221NonStandard_T = 641,
	H225_AliasAddress_T = 642,
	H225_PartyNumber_T = 645,
	H225_PublicPartyNumber_T = 646,
	H225_PublicTypeOfNumber_T = 647,
	H225_PrivatePartyNumber_T = 648,
	H225_PrivateTypeOfNumber_T = 649,
	H225_MobileUIM_T = 650,
	H225_ANSI_41_UIM_T = 651,
	H225_GSM_UIM_T = 656,
	H225_IsupNumber_T = 659,
	H225_IsupPublicPartyNumber_T = 660,
	H225_NatureOfAddress_T = 661,
	H225_IsupPrivatePartyNumber_T = 663,
	H225_EndpointType_T = 665,
	H225_VendorIdentifier_T = 666,
	H225_GatekeeperInfo_T = 667,
	H225_GatewayInfo_T = 668,
	H225_SupportedProtocols_T = 669,
	H225_H310Caps_T = 670,
	H225_DataRate_T = 671,
	H225_SupportedPrefix_T = 673,
	H225_H320Caps_T = 675,
	H225_H321Caps_T = 676,
	H225_H322Caps_T = 677,
	H225_H323Caps_T = 678,
	H225_H324Caps_T = 679,
	H225_VoiceCaps_T = 680,
	H225_T120OnlyCaps_T = 681,
	H225_NonStandardProtocol_T = 682,
	H225_T38FaxAnnexbOnlyCaps_T = 683,
	H225_SIPCaps_T = 684,
	H225_McuInfo_T = 686,
	H225_TerminalInfo_T = 687,
	H225_TunnelledProtocol_T = 689,
	H225_TunnelledProtocolAlternateIdentifier_T = 691,
	H225_QseriesOptions_T = 695,
	H225_Q954Details_T = 696,
	H225_CallType_T = 697,
	H225_CallIdentifier_T = 698,
	H225_H245Security_T = 699,
	H225_SecurityCapabilities_T = 700,
	H225_SecurityServiceMode_T = 701,
	H225_CryptoH323Token_T = 704,
	H225_EncodedFastStartToken_T = 714,
	H225_FastStartToken_T = 599,
	H225_ScnConnectionType_T = 718,
	H225_ScnConnectionAggregation_T = 719,
	H225_PresentationIndicator_T = 722,
	H225_ServiceControlSession_T = 724,
	H225_ServiceControlDescriptor_T = 725,
	H225_CallCreditServiceControl_T = 727,
	H225_CallCapacity_T = 733,
	H225_CallCapacityInfo_T = 734,
	H225_CallsAvailable_T = 735,
	H225_CarrierInfo_T = 737,
	H225_CircuitInfo_T = 740,
	H225_CircuitIdentifier_T = 741,
	H225_CicInfo_T = 742,
	H225_GroupID_T = 746,
	H225_GenericData_T = 747,
	H225_GenericIdentifier_T = 748,
	H225_EnumeratedParameter_T = 750,
	H225_Content_T = 751,
	H225_FeatureDescriptor_T = 747,
	H225_ExtendedAliasAddress_T = 756,
	H225_DisplayName_T = 759,
	H225_CallProceeding_UUIE_T = 762,
	H225_FeatureSet_T = 763,
	H225_Connect_UUIE_T = 764,
	H225_Alerting_UUIE_T = 766,
	H225_Information_UUIE_T = 768,
	H225_ReleaseComplete_UUIE_T = 769,
	H225_ReleaseCompleteReason_T = 770,
	H225_SecurityErrors_T = 771,
	H225_Facility_UUIE_T = 773,
	H225_FacilityReason_T = 774,
	H225_ConferenceList_T = 775,
	H225_Progress_UUIE_T = 777,
	H225_Status_UUIE_T = 778,
	H225_StatusInquiry_UUIE_T = 779,
	H225_SetupAcknowledge_UUIE_T = 780,
	H225_Notify_UUIE_T = 781,
	H225_CallLinkage_T = 784,
	H225_StimulusControl_T = 786,
	H225_AddressPattern_T = 790,
	H225_Endpoint_T = 793,
	H225_AlternateTransportAddresses_T = 795,
	H225_UseSpecifiedTransport_T = 796,
	H225_AlternateGK_T = 797,
	H225_AltGKInfo_T = 798,
	H225_SecurityErrors2_T = 800,
	H225_EncryptIntAlg_T = 801,
	H225_NonIsoIntegrityMechanism_T = 802,
	H225_IntegrityMechanism_T = 803,
	H225_ICV_T = 804,
	H225_CapacityReportingCapability_T = 805,
	H225_CapacityReportingSpecification_T = 806,
	H225_RasUsageInfoTypes_T = 808,
	H225_RasUsageSpecification_T = 809,
	H225_RasUsageInformation_T = 812,
	H225_CallTerminationCause_T = 813,
	H225_BandwidthDetails_T = 815,
	H225_TransportChannelInfo_T = 816,
	H225_CallCreditCapability_T = 817,
	H225_RTPSession_T = 818,
	H225_RehomingModel_T = 820,
	H225_RasMessage_T = 821,
	H225_GatekeeperRequest_T = 822,
	H225_GatekeeperConfirm_T = 827,
	H225_GatekeeperReject_T = 828,
	H225_GatekeeperRejectReason_T = 829,
	H225_RegistrationRequest_T = 830,
	H225_TransportQOS_T = 832,
	H225_RegistrationConfirm_T = 833,
	H225_RegistrationReject_T = 836,
	H225_RegistrationRejectReason_T = 837,
	H225_UnregistrationRequest_T = 839,
	H225_UnregRequestReason_T = 840,
	H225_UnregistrationConfirm_T = 841,
	H225_UnregistrationReject_T = 842,
	H225_UnregRejectReason_T = 843,
	H225_AdmissionRequest_T = 844,
	H225_CallModel_T = 845,
	H225_AdmissionConfirm_T = 846,
	H225_UUIEsRequested_T = 847,
	H225_AdmissionReject_T = 848,
	H225_AdmissionRejectReason_T = 849,
	H225_BandwidthRequest_T = 851,
	H225_BandwidthConfirm_T = 853,
	H225_BandwidthReject_T = 854,
	H225_BandRejectReason_T = 855,
	H225_DisengageRequest_T = 856,
	H225_DisengageReason_T = 857,
	H225_DisengageConfirm_T = 858,
	H225_DisengageReject_T = 859,
	H225_DisengageRejectReason_T = 860,
	H225_LocationRequest_T = 861,
	H225_LocationConfirm_T = 862,
	H225_LocationReject_T = 863,
	H225_LocationRejectReason_T = 864,
	H225_InfoRequest_T = 865,
	H225_InfoRequestResponse_T = 866,
	H225_InfoRequestResponseStatus_T = 874,
	H225_NonStandardMessage_T = 875,
	H225_UnknownMessageResponse_T = 876,
	H225_RequestInProgress_T = 877,
	H225_ResourcesAvailableIndicate_T = 878,
	H225_ResourcesAvailableConfirm_T = 879,
	H225_InfoRequestAck_T = 880,
	H225_InfoRequestNak_T = 881,
	H225_InfoRequestNakReason_T = 882,
	H225_ServiceControlIndication_T = 883,
	H225_ServiceControlResponse_T = 885,
	H46018_IncomingCallIndication_T = 888,
	H46018_LRQKeepAliveData_T = 889,
	H46019_TraversalParameters_T = 890,
	H2358_SrtpCryptoCapability_T = 891,
	H2358_SrtpCryptoInfo_T = 892,
	H2358_SrtpSessionParameters_T = 893,
	H2358_FecOrder_T = 895,
	H2358_SrtpKeys_T = 897,
	H2358_SrtpKeyParameters_T = 898,
};

enum {
	H245_NonStandardIdentifier_h221NonStandard_t35CountryCode = 0,
	H245_NonStandardIdentifier_h221NonStandard_t35Extension = 1,
	H245_NonStandardIdentifier_h221NonStandard_manufacturerCode = 2,
};

enum {
	H245_NonStandardIdentifier_object = 0,
	H245_NonStandardIdentifier_h221NonStandard = 1,
};

enum {
	H245_NonStandardParameter_nonStandardIdentifier = 0,
	H245_NonStandardParameter_data = 1,
};

enum {
	H245_NonStandardMessage_nonStandardData = 0,
};

enum {
	H245_MasterSlaveDetermination_terminalType = 0,
	H245_MasterSlaveDetermination_statusDeterminationNumber = 1,
};

enum {
	H245_VCCapability_aal1_nullClockRecovery = 0,
	H245_VCCapability_aal1_srtsClockRecovery = 1,
	H245_VCCapability_aal1_adaptiveClockRecovery = 2,
	H245_VCCapability_aal1_nullErrorCorrection = 3,
	H245_VCCapability_aal1_longInterleaver = 4,
	H245_VCCapability_aal1_shortInterleaver = 5,
	H245_VCCapability_aal1_errorCorrectionOnly = 6,
	H245_VCCapability_aal1_structuredDataTransfer = 7,
	H245_VCCapability_aal1_partiallyFilledCells = 8,
};

enum {
	H245_VCCapability_aal5_forwardMaximumSDUSize = 0,
	H245_VCCapability_aal5_backwardMaximumSDUSize = 1,
};

enum {
	H245_VCCapability_availableBitRates_type_rangeOfBitRates_lowerBitRate = 0,
	H245_VCCapability_availableBitRates_type_rangeOfBitRates_higherBitRate = 1,
};

enum {
	H245_VCCapability_availableBitRates_type_singleBitRate = 0,
	H245_VCCapability_availableBitRates_type_rangeOfBitRates = 1,
};

enum {
	H245_VCCapability_availableBitRates_type = 0,
};

enum {
	H245_Q2931Address_address_internationalNumber = 0,
	H245_Q2931Address_address_nsapAddress = 1,
};

enum {
	H245_Q2931Address_address = 0,
	H245_Q2931Address_subaddress = 1,
};

enum {
	H245_VCCapability_aal1ViaGateway_gatewayAddress = 0,
	H245_VCCapability_aal1ViaGateway_nullClockRecovery = 1,
	H245_VCCapability_aal1ViaGateway_srtsClockRecovery = 2,
	H245_VCCapability_aal1ViaGateway_adaptiveClockRecovery = 3,
	H245_VCCapability_aal1ViaGateway_nullErrorCorrection = 4,
	H245_VCCapability_aal1ViaGateway_longInterleaver = 5,
	H245_VCCapability_aal1ViaGateway_shortInterleaver = 6,
	H245_VCCapability_aal1ViaGateway_errorCorrectionOnly = 7,
	H245_VCCapability_aal1ViaGateway_structuredDataTransfer = 8,
	H245_VCCapability_aal1ViaGateway_partiallyFilledCells = 9,
};

enum {
	H245_VCCapability_aal1 = 0,
	H245_VCCapability_aal5 = 1,
	H245_VCCapability_transportStream = 2,
	H245_VCCapability_programStream = 3,
	H245_VCCapability_availableBitRates = 4,
	H245_VCCapability_aal1ViaGateway = 5,
};

enum {
	H245_H222Capability_numberOfVCs = 0,
	H245_H222Capability_vcCapability = 1,
};

enum {
	H245_H223Capability_h223MultiplexTableCapability_enhanced_maximumNestingDepth = 0,
	H245_H223Capability_h223MultiplexTableCapability_enhanced_maximumElementListSize = 1,
	H245_H223Capability_h223MultiplexTableCapability_enhanced_maximumSubElementListSize = 2,
};

enum {
	H245_H223Capability_h223MultiplexTableCapability_basic = 0,
	H245_H223Capability_h223MultiplexTableCapability_enhanced = 1,
};

enum {
	H245_H223Capability_mobileOperationTransmitCapability_modeChangeCapability = 0,
	H245_H223Capability_mobileOperationTransmitCapability_h223AnnexA = 1,
	H245_H223Capability_mobileOperationTransmitCapability_h223AnnexADoubleFlag = 2,
	H245_H223Capability_mobileOperationTransmitCapability_h223AnnexB = 3,
	H245_H223Capability_mobileOperationTransmitCapability_h223AnnexBwithHeader = 4,
};

enum {
	H245_H223AnnexCCapability_videoWithAL1M = 0,
	H245_H223AnnexCCapability_videoWithAL2M = 1,
	H245_H223AnnexCCapability_videoWithAL3M = 2,
	H245_H223AnnexCCapability_audioWithAL1M = 3,
	H245_H223AnnexCCapability_audioWithAL2M = 4,
	H245_H223AnnexCCapability_audioWithAL3M = 5,
	H245_H223AnnexCCapability_dataWithAL1M = 6,
	H245_H223AnnexCCapability_dataWithAL2M = 7,
	H245_H223AnnexCCapability_dataWithAL3M = 8,
	H245_H223AnnexCCapability_alpduInterleaving = 9,
	H245_H223AnnexCCapability_maximumAL1MPDUSize = 10,
	H245_H223AnnexCCapability_maximumAL2MSDUSize = 11,
	H245_H223AnnexCCapability_maximumAL3MSDUSize = 12,
	H245_H223AnnexCCapability_rsCodeCapability = 13,
};

enum {
	H245_H223Capability_mobileMultilinkFrameCapability_maximumSampleSize = 0,
	H245_H223Capability_mobileMultilinkFrameCapability_maximumPayloadLength = 1,
};

enum {
	H245_H223Capability_transportWithI_frames = 0,
	H245_H223Capability_videoWithAL1 = 1,
	H245_H223Capability_videoWithAL2 = 2,
	H245_H223Capability_videoWithAL3 = 3,
	H245_H223Capability_audioWithAL1 = 4,
	H245_H223Capability_audioWithAL2 = 5,
	H245_H223Capability_audioWithAL3 = 6,
	H245_H223Capability_dataWithAL1 = 7,
	H245_H223Capability_dataWithAL2 = 8,
	H245_H223Capability_dataWithAL3 = 9,
	H245_H223Capability_maximumAl2SDUSize = 10,
	H245_H223Capability_maximumAl3SDUSize = 11,
	H245_H223Capability_maximumDelayJitter = 12,
	H245_H223Capability_h223MultiplexTableCapability = 13,
	H245_H223Capability_maxMUXPDUSizeCapability = 14,
	H245_H223Capability_nsrpSupport = 15,
	H245_H223Capability_mobileOperationTransmitCapability = 16,
	H245_H223Capability_h223AnnexCCapability = 17,
	H245_H223Capability_bitRate = 18,
	H245_H223Capability_mobileMultilinkFrameCapability = 19,
};

enum {
	H245_V75Capability_audioHeader = 0,
};

enum {
	H245_V76Capability_suspendResumeCapabilitywAddress = 0,
	H245_V76Capability_suspendResumeCapabilitywoAddress = 1,
	H245_V76Capability_rejCapability = 2,
	H245_V76Capability_sREJCapability = 3,
	H245_V76Capability_mREJCapability = 4,
	H245_V76Capability_crc8bitCapability = 5,
	H245_V76Capability_crc16bitCapability = 6,
	H245_V76Capability_crc32bitCapability = 7,
	H245_V76Capability_uihCapability = 8,
	H245_V76Capability_numOfDLCS = 9,
	H245_V76Capability_twoOctetAddressFieldCapability = 10,
	H245_V76Capability_loopBackTestCapability = 11,
	H245_V76Capability_n401Capability = 12,
	H245_V76Capability_maxWindowSizeCapability = 13,
	H245_V76Capability_v75Capability = 14,
};

enum {
	H245_V42bis_numberOfCodewords = 0,
	H245_V42bis_maximumStringLength = 1,
};

enum {
	H245_CompressionType_v42bis = 0,
};

enum {
	H245_DataProtocolCapability_v76wCompression_transmitCompression = 0,
	H245_DataProtocolCapability_v76wCompression_receiveCompression = 1,
	H245_DataProtocolCapability_v76wCompression_transmitAndReceiveCompression = 2,
};

enum {
	H245_DataProtocolCapability_nonStandard = 0,
	H245_DataProtocolCapability_v14buffered = 1,
	H245_DataProtocolCapability_v42lapm = 2,
	H245_DataProtocolCapability_hdlcFrameTunnelling = 3,
	H245_DataProtocolCapability_h310SeparateVCStack = 4,
	H245_DataProtocolCapability_h310SingleVCStack = 5,
	H245_DataProtocolCapability_transparent = 6,
	H245_DataProtocolCapability_segmentationAndReassembly = 7,
	H245_DataProtocolCapability_hdlcFrameTunnelingwSAR = 8,
	H245_DataProtocolCapability_v120 = 9,
	H245_DataProtocolCapability_separateLANStack = 10,
	H245_DataProtocolCapability_v76wCompression = 11,
	H245_DataProtocolCapability_tcp = 12,
	H245_DataProtocolCapability_udp = 13,
};

enum {
	H245_T84Profile_t84Restricted_qcif = 0,
	H245_T84Profile_t84Restricted_cif = 1,
	H245_T84Profile_t84Restricted_ccir601Seq = 2,
	H245_T84Profile_t84Restricted_ccir601Prog = 3,
	H245_T84Profile_t84Restricted_hdtvSeq = 4,
	H245_T84Profile_t84Restricted_hdtvProg = 5,
	H245_T84Profile_t84Restricted_g3FacsMH200x100 = 6,
	H245_T84Profile_t84Restricted_g3FacsMH200x200 = 7,
	H245_T84Profile_t84Restricted_g4FacsMMR200x100 = 8,
	H245_T84Profile_t84Restricted_g4FacsMMR200x200 = 9,
	H245_T84Profile_t84Restricted_jbig200x200Seq = 10,
	H245_T84Profile_t84Restricted_jbig200x200Prog = 11,
	H245_T84Profile_t84Restricted_jbig300x300Seq = 12,
	H245_T84Profile_t84Restricted_jbig300x300Prog = 13,
	H245_T84Profile_t84Restricted_digPhotoLow = 14,
	H245_T84Profile_t84Restricted_digPhotoMedSeq = 15,
	H245_T84Profile_t84Restricted_digPhotoMedProg = 16,
	H245_T84Profile_t84Restricted_digPhotoHighSeq = 17,
	H245_T84Profile_t84Restricted_digPhotoHighProg = 18,
};

enum {
	H245_T84Profile_t84Unrestricted = 0,
	H245_T84Profile_t84Restricted = 1,
};

enum {
	H245_DataApplicationCapability_application_t84_t84Protocol = 0,
	H245_DataApplicationCapability_application_t84_t84Profile = 1,
};

enum {
	H245_DataApplicationCapability_application_nlpid_nlpidProtocol = 0,
	H245_DataApplicationCapability_application_nlpid_nlpidData = 1,
};

enum {
	H245_T38FaxRateManagement_localTCF = 0,
	H245_T38FaxRateManagement_transferredTCF = 1,
};

enum {
	H245_T38FaxUdpOptions_t38FaxUdpEC_t38UDPFEC = 0,
	H245_T38FaxUdpOptions_t38FaxUdpEC_t38UDPRedundancy = 1,
};

enum {
	H245_T38FaxUdpOptions_t38FaxMaxBuffer = 0,
	H245_T38FaxUdpOptions_t38FaxMaxDatagram = 1,
	H245_T38FaxUdpOptions_t38FaxUdpEC = 2,
};

enum {
	H245_T38FaxTcpOptions_t38TCPBidirectionalMode = 0,
};

enum {
	H245_T38FaxProfile_fillBitRemoval = 0,
	H245_T38FaxProfile_transcodingJBIG = 1,
	H245_T38FaxProfile_transcodingMMR = 2,
	H245_T38FaxProfile_version = 3,
	H245_T38FaxProfile_t38FaxRateManagement = 4,
	H245_T38FaxProfile_t38FaxUdpOptions = 5,
	H245_T38FaxProfile_t38FaxTcpOptions = 6,
};

enum {
	H245_DataApplicationCapability_application_t38fax_t38FaxProtocol = 0,
	H245_DataApplicationCapability_application_t38fax_t38FaxProfile = 1,
};

enum {
	H245_CapabilityIdentifier_standard = 0,
	H245_CapabilityIdentifier_h221NonStandard = 1,
	H245_CapabilityIdentifier_uuid = 2,
	H245_CapabilityIdentifier_domainBased = 3,
};

enum {
	H245_ParameterIdentifier_standard = 0,
	H245_ParameterIdentifier_h221NonStandard = 1,
	H245_ParameterIdentifier_uuid = 2,
	H245_ParameterIdentifier_domainBased = 3,
};

enum {
	H245_ParameterValue_logical = 0,
	H245_ParameterValue_booleanArray = 1,
	H245_ParameterValue_unsignedMin = 2,
	H245_ParameterValue_unsignedMax = 3,
	H245_ParameterValue_unsigned32Min = 4,
	H245_ParameterValue_unsigned32Max = 5,
	H245_ParameterValue_octetString = 6,
	H245_ParameterValue_genericParameter = 7,
};

enum {
	H245_GenericParameter_parameterIdentifier = 0,
	H245_GenericParameter_parameterValue = 1,
	H245_GenericParameter_supersedes = 2,
};

enum {
	H245_GenericCapability_capabilityIdentifier = 0,
	H245_GenericCapability_maxBitRate = 1,
	H245_GenericCapability_collapsing = 2,
	H245_GenericCapability_nonCollapsing = 3,
	H245_GenericCapability_nonCollapsingRaw = 4,
	H245_GenericCapability_transport = 5,
};

enum {
	H245_DataApplicationCapability_application_nonStandard = 0,
	H245_DataApplicationCapability_application_t120 = 1,
	H245_DataApplicationCapability_application_dsm_cc = 2,
	H245_DataApplicationCapability_application_userData = 3,
	H245_DataApplicationCapability_application_t84 = 4,
	H245_DataApplicationCapability_application_t434 = 5,
	H245_DataApplicationCapability_application_h224 = 6,
	H245_DataApplicationCapability_application_nlpid = 7,
	H245_DataApplicationCapability_application_dsvdControl = 8,
	H245_DataApplicationCapability_application_h222DataPartitioning = 9,
	H245_DataApplicationCapability_application_t30fax = 10,
	H245_DataApplicationCapability_application_t140 = 11,
	H245_DataApplicationCapability_application_t38fax = 12,
	H245_DataApplicationCapability_application_genericDataCapability = 13,
};

enum {
	H245_DataApplicationCapability_application = 0,
	H245_DataApplicationCapability_maxBitRate = 1,
};

enum {
	H245_MediaDistributionCapability_centralizedControl = 0,
	H245_MediaDistributionCapability_distributedControl = 1,
	H245_MediaDistributionCapability_centralizedAudio = 2,
	H245_MediaDistributionCapability_distributedAudio = 3,
	H245_MediaDistributionCapability_centralizedVideo = 4,
	H245_MediaDistributionCapability_distributedVideo = 5,
	H245_MediaDistributionCapability_centralizedData = 6,
	H245_MediaDistributionCapability_distributedData = 7,
};

enum {
	H245_MultipointCapability_multicastCapability = 0,
	H245_MultipointCapability_multiUniCastConference = 1,
	H245_MultipointCapability_mediaDistributionCapability = 2,
};

enum {
	H245_H2250Capability_mcCapability_centralizedConferenceMC = 0,
	H245_H2250Capability_mcCapability_decentralizedConferenceMC = 1,
};

enum {
	H245_RTPPayloadType_payloadDescriptor_nonStandardIdentifier = 0,
	H245_RTPPayloadType_payloadDescriptor_rfc_number = 1,
	H245_RTPPayloadType_payloadDescriptor_oid = 2,
};

enum {
	H245_RTPPayloadType_payloadDescriptor = 0,
	H245_RTPPayloadType_payloadType = 1,
};

enum {
	H245_MediaPacketizationCapability_h261aVideoPacketization = 0,
	H245_MediaPacketizationCapability_rtpPayloadType = 1,
};

enum {
	H245_QOSMode_guaranteedQOS = 0,
	H245_QOSMode_controlledLoad = 1,
};

enum {
	H245_RSVPParameters_qosMode = 0,
	H245_RSVPParameters_tokenRate = 1,
	H245_RSVPParameters_bucketSize = 2,
	H245_RSVPParameters_peakRate = 3,
	H245_RSVPParameters_minPoliced = 4,
	H245_RSVPParameters_maxPktSize = 5,
};

enum {
	H245_ATMParameters_maxNTUSize = 0,
	H245_ATMParameters_atmUBR = 1,
	H245_ATMParameters_atmrtVBR = 2,
	H245_ATMParameters_atmnrtVBR = 3,
	H245_ATMParameters_atmABR = 4,
	H245_ATMParameters_atmCBR = 5,
};

enum {
	H245_GenericTransportParameters_nonStandardData = 0,
	H245_GenericTransportParameters_averageRate = 1,
	H245_GenericTransportParameters_burst = 2,
	H245_GenericTransportParameters_peakRate = 3,
	H245_GenericTransportParameters_maxPktSize = 4,
};

enum {
	H245_ServicePriorityValue_nonStandardParameter = 0,
	H245_ServicePriorityValue_value = 1,
};

enum {
	H245_ServicePriority_nonStandardData = 0,
	H245_ServicePriority_servicePrioritySignalled = 1,
	H245_ServicePriority_servicePriorityValue = 2,
	H245_ServicePriority_serviceClass = 3,
	H245_ServicePriority_serviceSubclass = 4,
};

enum {
	H245_AuthorizationParameters_nonStandardData = 0,
};

enum {
	H245_QOSType_desired = 0,
	H245_QOSType_required = 1,
};

enum {
	H245_QOSClass_class0 = 0,
	H245_QOSClass_class1 = 1,
	H245_QOSClass_class2 = 2,
	H245_QOSClass_class3 = 3,
	H245_QOSClass_class4 = 4,
	H245_QOSClass_class5 = 5,
};

enum {
	H245_QOSDescriptor_nonStandardData = 0,
	H245_QOSDescriptor_qosType = 1,
	H245_QOSDescriptor_qosClass = 2,
};

enum {
	H245_QOSCapability_nonStandardData = 0,
	H245_QOSCapability_rsvpParameters = 1,
	H245_QOSCapability_atmParameters = 2,
	H245_QOSCapability_localQoS = 3,
	H245_QOSCapability_genericTransportParameters = 4,
	H245_QOSCapability_servicePriority = 5,
	H245_QOSCapability_authorizationParameter = 6,
	H245_QOSCapability_qosDescriptor = 7,
	H245_QOSCapability_dscpValue = 8,
};

enum {
	H245_MediaTransportType_atm_AAL5_compressed_variable_delta = 0,
};

enum {
	H245_MediaTransportType_ip_UDP = 0,
	H245_MediaTransportType_ip_TCP = 1,
	H245_MediaTransportType_atm_AAL5_UNIDIR = 2,
	H245_MediaTransportType_atm_AAL5_BIDIR = 3,
	H245_MediaTransportType_atm_AAL5_compressed = 4,
};

enum {
	H245_MediaChannelCapability_mediaTransport = 0,
};

enum {
	H245_TransportCapability_nonStandard = 0,
	H245_TransportCapability_qOSCapabilities = 1,
	H245_TransportCapability_mediaChannelCapabilities = 2,
};

enum {
	H245_RTPH263VideoRedundancyFrameMapping_threadNumber = 0,
	H245_RTPH263VideoRedundancyFrameMapping_frameSequence = 1,
};

enum {
	H245_RTPH263VideoRedundancyEncoding_frameToThreadMapping_roundrobin = 0,
	H245_RTPH263VideoRedundancyEncoding_frameToThreadMapping_custom = 1,
};

enum {
	H245_RTPH263VideoRedundancyEncoding_numberOfThreads = 0,
	H245_RTPH263VideoRedundancyEncoding_framesBetweenSyncPoints = 1,
	H245_RTPH263VideoRedundancyEncoding_frameToThreadMapping = 2,
	H245_RTPH263VideoRedundancyEncoding_containedThreads = 3,
};

enum {
	H245_RedundancyEncodingMethod_nonStandard = 0,
	H245_RedundancyEncodingMethod_rtpAudioRedundancyEncoding = 1,
	H245_RedundancyEncodingMethod_rtpH263VideoRedundancyEncoding = 2,
};

enum {
	H245_RedundancyEncodingCapability_redundancyEncodingMethod = 0,
	H245_RedundancyEncodingCapability_primaryEncoding = 1,
	H245_RedundancyEncodingCapability_secondaryEncoding = 2,
};

enum {
	H245_H2250Capability_maximumAudioDelayJitter = 0,
	H245_H2250Capability_receiveMultipointCapability = 1,
	H245_H2250Capability_transmitMultipointCapability = 2,
	H245_H2250Capability_receiveAndTransmitMultipointCapability = 3,
	H245_H2250Capability_mcCapability = 4,
	H245_H2250Capability_rtcpVideoControlCapability = 5,
	H245_H2250Capability_mediaPacketizationCapability = 6,
	H245_H2250Capability_transportCapability = 7,
	H245_H2250Capability_redundancyEncodingCapability = 8,
	H245_H2250Capability_logicalChannelSwitchingCapability = 9,
	H245_H2250Capability_t120DynamicPortCapability = 10,
};

enum {
	H245_MultiplexCapability_nonStandard = 0,
	H245_MultiplexCapability_h222Capability = 1,
	H245_MultiplexCapability_h223Capability = 2,
	H245_MultiplexCapability_v76Capability = 3,
	H245_MultiplexCapability_h2250Capability = 4,
	H245_MultiplexCapability_genericMultiplexCapability = 5,
};

enum {
	H245_H261VideoCapability_qcifMPI = 0,
	H245_H261VideoCapability_cifMPI = 1,
	H245_H261VideoCapability_temporalSpatialTradeOffCapability = 2,
	H245_H261VideoCapability_maxBitRate = 3,
	H245_H261VideoCapability_stillImageTransmission = 4,
	H245_H261VideoCapability_videoBadMBsCap = 5,
};

enum {
	H245_H262VideoCapability_profileAndLevel_SPatML = 0,
	H245_H262VideoCapability_profileAndLevel_MPatLL = 1,
	H245_H262VideoCapability_profileAndLevel_MPatML = 2,
	H245_H262VideoCapability_profileAndLevel_MPatH_14 = 3,
	H245_H262VideoCapability_profileAndLevel_MPatHL = 4,
	H245_H262VideoCapability_profileAndLevel_SNRatLL = 5,
	H245_H262VideoCapability_profileAndLevel_SNRatML = 6,
	H245_H262VideoCapability_profileAndLevel_SpatialatH_14 = 7,
	H245_H262VideoCapability_profileAndLevel_HPatML = 8,
	H245_H262VideoCapability_profileAndLevel_HPatH_14 = 9,
	H245_H262VideoCapability_profileAndLevel_HPatHL = 10,
	H245_H262VideoCapability_videoBitRate = 11,
	H245_H262VideoCapability_vbvBufferSize = 12,
	H245_H262VideoCapability_samplesPerLine = 13,
	H245_H262VideoCapability_linesPerFrame = 14,
	H245_H262VideoCapability_framesPerSecond = 15,
	H245_H262VideoCapability_luminanceSampleRate = 16,
	H245_H262VideoCapability_videoBadMBsCap = 17,
};

enum {
	H245_TransparencyParameters_presentationOrder = 0,
	H245_TransparencyParameters_offset_x = 1,
	H245_TransparencyParameters_offset_y = 2,
	H245_TransparencyParameters_scale_x = 3,
	H245_TransparencyParameters_scale_y = 4,
};

enum {
	H245_RefPictureSelection_additionalPictureMemory_sqcifAdditionalPictureMemory = 0,
	H245_RefPictureSelection_additionalPictureMemory_qcifAdditionalPictureMemory = 1,
	H245_RefPictureSelection_additionalPictureMemory_cifAdditionalPictureMemory = 2,
	H245_RefPictureSelection_additionalPictureMemory_cif4AdditionalPictureMemory = 3,
	H245_RefPictureSelection_additionalPictureMemory_cif16AdditionalPictureMemory = 4,
	H245_RefPictureSelection_additionalPictureMemory_bigCpfAdditionalPictureMemory = 5,
};

enum {
	H245_RefPictureSelection_videoBackChannelSend_none = 0,
	H245_RefPictureSelection_videoBackChannelSend_ackMessageOnly = 1,
	H245_RefPictureSelection_videoBackChannelSend_nackMessageOnly = 2,
	H245_RefPictureSelection_videoBackChannelSend_ackOrNackMessageOnly = 3,
	H245_RefPictureSelection_videoBackChannelSend_ackAndNackMessage = 4,
};

enum {
	H245_RefPictureSelection_enhancedReferencePicSelect_subPictureRemovalParameters_mpuHorizMBs = 0,
	H245_RefPictureSelection_enhancedReferencePicSelect_subPictureRemovalParameters_mpuVertMBs = 1,
	H245_RefPictureSelection_enhancedReferencePicSelect_subPictureRemovalParameters_mpuTotalNumber = 2,
};

enum {
	H245_RefPictureSelection_enhancedReferencePicSelect_subPictureRemovalParameters = 0,
};

enum {
	H245_RefPictureSelection_additionalPictureMemory = 0,
	H245_RefPictureSelection_videoMux = 1,
	H245_RefPictureSelection_videoBackChannelSend = 2,
	H245_RefPictureSelection_enhancedReferencePicSelect = 3,
};

enum {
	H245_CustomPictureClockFrequency_clockConversionCode = 0,
	H245_CustomPictureClockFrequency_clockDivisor = 1,
	H245_CustomPictureClockFrequency_sqcifMPI = 2,
	H245_CustomPictureClockFrequency_qcifMPI = 3,
	H245_CustomPictureClockFrequency_cifMPI = 4,
	H245_CustomPictureClockFrequency_cif4MPI = 5,
	H245_CustomPictureClockFrequency_cif16MPI = 6,
};

enum {
	H245_CustomPictureFormat_mPI_customPCF_clockConversionCode = 0,
	H245_CustomPictureFormat_mPI_customPCF_clockDivisor = 1,
	H245_CustomPictureFormat_mPI_customPCF_customMPI = 2,
};

enum {
	H245_CustomPictureFormat_mPI_standardMPI = 0,
	H245_CustomPictureFormat_mPI_customPCF = 1,
};

enum {
	H245_CustomPictureFormat_pixelAspectInformation_extendedPAR_width = 0,
	H245_CustomPictureFormat_pixelAspectInformation_extendedPAR_height = 1,
};

enum {
	H245_CustomPictureFormat_pixelAspectInformation_anyPixelAspectRatio = 0,
	H245_CustomPictureFormat_pixelAspectInformation_pixelAspectCode = 1,
	H245_CustomPictureFormat_pixelAspectInformation_extendedPAR = 2,
};

enum {
	H245_CustomPictureFormat_maxCustomPictureWidth = 0,
	H245_CustomPictureFormat_maxCustomPictureHeight = 1,
	H245_CustomPictureFormat_minCustomPictureWidth = 2,
	H245_CustomPictureFormat_minCustomPictureHeight = 3,
	H245_CustomPictureFormat_mPI = 4,
	H245_CustomPictureFormat_pixelAspectInformation = 5,
};

enum {
	H245_H263Version3Options_dataPartitionedSlices = 0,
	H245_H263Version3Options_fixedPointIDCT0 = 1,
	H245_H263Version3Options_interlacedFields = 2,
	H245_H263Version3Options_currentPictureHeaderRepetition = 3,
	H245_H263Version3Options_previousPictureHeaderRepetition = 4,
	H245_H263Version3Options_nextPictureHeaderRepetition = 5,
	H245_H263Version3Options_pictureNumber = 6,
	H245_H263Version3Options_spareReferencePictures = 7,
};

enum {
	H245_H263ModeComboFlags_unrestrictedVector = 0,
	H245_H263ModeComboFlags_arithmeticCoding = 1,
	H245_H263ModeComboFlags_advancedPrediction = 2,
	H245_H263ModeComboFlags_pbFrames = 3,
	H245_H263ModeComboFlags_advancedIntraCodingMode = 4,
	H245_H263ModeComboFlags_deblockingFilterMode = 5,
	H245_H263ModeComboFlags_unlimitedMotionVectors = 6,
	H245_H263ModeComboFlags_slicesInOrder_NonRect = 7,
	H245_H263ModeComboFlags_slicesInOrder_Rect = 8,
	H245_H263ModeComboFlags_slicesNoOrder_NonRect = 9,
	H245_H263ModeComboFlags_slicesNoOrder_Rect = 10,
	H245_H263ModeComboFlags_improvedPBFramesMode = 11,
	H245_H263ModeComboFlags_referencePicSelect = 12,
	H245_H263ModeComboFlags_dynamicPictureResizingByFour = 13,
	H245_H263ModeComboFlags_dynamicPictureResizingSixteenthPel = 14,
	H245_H263ModeComboFlags_dynamicWarpingHalfPel = 15,
	H245_H263ModeComboFlags_dynamicWarpingSixteenthPel = 16,
	H245_H263ModeComboFlags_reducedResolutionUpdate = 17,
	H245_H263ModeComboFlags_independentSegmentDecoding = 18,
	H245_H263ModeComboFlags_alternateInterVLCMode = 19,
	H245_H263ModeComboFlags_modifiedQuantizationMode = 20,
	H245_H263ModeComboFlags_enhancedReferencePicSelect = 21,
	H245_H263ModeComboFlags_h263Version3Options = 22,
};

enum {
	H245_H263VideoModeCombos_h263VideoUncoupledModes = 0,
	H245_H263VideoModeCombos_h263VideoCoupledModes = 1,
};

enum {
	H245_H263Options_advancedIntraCodingMode = 0,
	H245_H263Options_deblockingFilterMode = 1,
	H245_H263Options_improvedPBFramesMode = 2,
	H245_H263Options_unlimitedMotionVectors = 3,
	H245_H263Options_fullPictureFreeze = 4,
	H245_H263Options_partialPictureFreezeAndRelease = 5,
	H245_H263Options_resizingPartPicFreezeAndRelease = 6,
	H245_H263Options_fullPictureSnapshot = 7,
	H245_H263Options_partialPictureSnapshot = 8,
	H245_H263Options_videoSegmentTagging = 9,
	H245_H263Options_progressiveRefinement = 10,
	H245_H263Options_dynamicPictureResizingByFour = 11,
	H245_H263Options_dynamicPictureResizingSixteenthPel = 12,
	H245_H263Options_dynamicWarpingHalfPel = 13,
	H245_H263Options_dynamicWarpingSixteenthPel = 14,
	H245_H263Options_independentSegmentDecoding = 15,
	H245_H263Options_slicesInOrder_NonRect = 16,
	H245_H263Options_slicesInOrder_Rect = 17,
	H245_H263Options_slicesNoOrder_NonRect = 18,
	H245_H263Options_slicesNoOrder_Rect = 19,
	H245_H263Options_alternateInterVLCMode = 20,
	H245_H263Options_modifiedQuantizationMode = 21,
	H245_H263Options_reducedResolutionUpdate = 22,
	H245_H263Options_transparencyParameters = 23,
	H245_H263Options_separateVideoBackChannel = 24,
	H245_H263Options_refPictureSelection = 25,
	H245_H263Options_customPictureClockFrequency = 26,
	H245_H263Options_customPictureFormat = 27,
	H245_H263Options_modeCombos = 28,
	H245_H263Options_videoBadMBsCap = 29,
	H245_H263Options_h263Version3Options = 30,
};

enum {
	H245_EnhancementOptions_sqcifMPI = 0,
	H245_EnhancementOptions_qcifMPI = 1,
	H245_EnhancementOptions_cifMPI = 2,
	H245_EnhancementOptions_cif4MPI = 3,
	H245_EnhancementOptions_cif16MPI = 4,
	H245_EnhancementOptions_maxBitRate = 5,
	H245_EnhancementOptions_unrestrictedVector = 6,
	H245_EnhancementOptions_arithmeticCoding = 7,
	H245_EnhancementOptions_temporalSpatialTradeOffCapability = 8,
	H245_EnhancementOptions_slowSqcifMPI = 9,
	H245_EnhancementOptions_slowQcifMPI = 10,
	H245_EnhancementOptions_slowCifMPI = 11,
	H245_EnhancementOptions_slowCif4MPI = 12,
	H245_EnhancementOptions_slowCif16MPI = 13,
	H245_EnhancementOptions_errorCompensation = 14,
	H245_EnhancementOptions_h263Options = 15,
};

enum {
	H245_BEnhancementParameters_enhancementOptions = 0,
	H245_BEnhancementParameters_numberOfBPictures = 1,
};

enum {
	H245_EnhancementLayerInfo_baseBitRateConstrained = 0,
	H245_EnhancementLayerInfo_snrEnhancement = 1,
	H245_EnhancementLayerInfo_spatialEnhancement = 2,
	H245_EnhancementLayerInfo_bPictureEnhancement = 3,
};

enum {
	H245_H263VideoCapability_sqcifMPI = 0,
	H245_H263VideoCapability_qcifMPI = 1,
	H245_H263VideoCapability_cifMPI = 2,
	H245_H263VideoCapability_cif4MPI = 3,
	H245_H263VideoCapability_cif16MPI = 4,
	H245_H263VideoCapability_maxBitRate = 5,
	H245_H263VideoCapability_unrestrictedVector = 6,
	H245_H263VideoCapability_arithmeticCoding = 7,
	H245_H263VideoCapability_advancedPrediction = 8,
	H245_H263VideoCapability_pbFrames = 9,
	H245_H263VideoCapability_temporalSpatialTradeOffCapability = 10,
	H245_H263VideoCapability_hrd_B = 11,
	H245_H263VideoCapability_bppMaxKb = 12,
	H245_H263VideoCapability_slowSqcifMPI = 13,
	H245_H263VideoCapability_slowQcifMPI = 14,
	H245_H263VideoCapability_slowCifMPI = 15,
	H245_H263VideoCapability_slowCif4MPI = 16,
	H245_H263VideoCapability_slowCif16MPI = 17,
	H245_H263VideoCapability_errorCompensation = 18,
	H245_H263VideoCapability_enhancementLayerInfo = 19,
	H245_H263VideoCapability_h263Options = 20,
};

enum {
	H245_IS11172VideoCapability_constrainedBitstream = 0,
	H245_IS11172VideoCapability_videoBitRate = 1,
	H245_IS11172VideoCapability_vbvBufferSize = 2,
	H245_IS11172VideoCapability_samplesPerLine = 3,
	H245_IS11172VideoCapability_linesPerFrame = 4,
	H245_IS11172VideoCapability_pictureRate = 5,
	H245_IS11172VideoCapability_luminanceSampleRate = 6,
	H245_IS11172VideoCapability_videoBadMBsCap = 7,
};

enum {
	H245_ExtendedVideoCapability_videoCapability = 0,
	H245_ExtendedVideoCapability_videoCapabilityExtension = 1,
};

enum {
	H245_VideoCapability_nonStandard = 0,
	H245_VideoCapability_h261VideoCapability = 1,
	H245_VideoCapability_h262VideoCapability = 2,
	H245_VideoCapability_h263VideoCapability = 3,
	H245_VideoCapability_is11172VideoCapability = 4,
	H245_VideoCapability_genericVideoCapability = 5,
	H245_VideoCapability_extendedVideoCapability = 6,
};

enum {
	H245_AudioCapability_g7231_maxAl_sduAudioFrames = 0,
	H245_AudioCapability_g7231_silenceSuppression = 1,
};

enum {
	H245_IS11172AudioCapability_audioLayer1 = 0,
	H245_IS11172AudioCapability_audioLayer2 = 1,
	H245_IS11172AudioCapability_audioLayer3 = 2,
	H245_IS11172AudioCapability_audioSampling32k = 3,
	H245_IS11172AudioCapability_audioSampling44k1 = 4,
	H245_IS11172AudioCapability_audioSampling48k = 5,
	H245_IS11172AudioCapability_singleChannel = 6,
	H245_IS11172AudioCapability_twoChannels = 7,
	H245_IS11172AudioCapability_bitRate = 8,
};

enum {
	H245_IS13818AudioCapability_audioLayer1 = 0,
	H245_IS13818AudioCapability_audioLayer2 = 1,
	H245_IS13818AudioCapability_audioLayer3 = 2,
	H245_IS13818AudioCapability_audioSampling16k = 3,
	H245_IS13818AudioCapability_audioSampling22k05 = 4,
	H245_IS13818AudioCapability_audioSampling24k = 5,
	H245_IS13818AudioCapability_audioSampling32k = 6,
	H245_IS13818AudioCapability_audioSampling44k1 = 7,
	H245_IS13818AudioCapability_audioSampling48k = 8,
	H245_IS13818AudioCapability_singleChannel = 9,
	H245_IS13818AudioCapability_twoChannels = 10,
	H245_IS13818AudioCapability_threeChannels2_1 = 11,
	H245_IS13818AudioCapability_threeChannels3_0 = 12,
	H245_IS13818AudioCapability_fourChannels2_0_2_0 = 13,
	H245_IS13818AudioCapability_fourChannels2_2 = 14,
	H245_IS13818AudioCapability_fourChannels3_1 = 15,
	H245_IS13818AudioCapability_fiveChannels3_0_2_0 = 16,
	H245_IS13818AudioCapability_fiveChannels3_2 = 17,
	H245_IS13818AudioCapability_lowFrequencyEnhancement = 18,
	H245_IS13818AudioCapability_multilingual = 19,
	H245_IS13818AudioCapability_bitRate = 20,
};

enum {
	H245_G7231AnnexCCapability_g723AnnexCAudioMode_highRateMode0 = 0,
	H245_G7231AnnexCCapability_g723AnnexCAudioMode_highRateMode1 = 1,
	H245_G7231AnnexCCapability_g723AnnexCAudioMode_lowRateMode0 = 2,
	H245_G7231AnnexCCapability_g723AnnexCAudioMode_lowRateMode1 = 3,
	H245_G7231AnnexCCapability_g723AnnexCAudioMode_sidMode0 = 4,
	H245_G7231AnnexCCapability_g723AnnexCAudioMode_sidMode1 = 5,
};

enum {
	H245_G7231AnnexCCapability_maxAl_sduAudioFrames = 0,
	H245_G7231AnnexCCapability_silenceSuppression = 1,
	H245_G7231AnnexCCapability_g723AnnexCAudioMode = 2,
};

enum {
	H245_GSMAudioCapability_audioUnitSize = 0,
	H245_GSMAudioCapability_comfortNoise = 1,
	H245_GSMAudioCapability_scrambled = 2,
};

enum {
	H245_G729Extensions_audioUnit = 0,
	H245_G729Extensions_annexA = 1,
	H245_G729Extensions_annexB = 2,
	H245_G729Extensions_annexD = 3,
	H245_G729Extensions_annexE = 4,
	H245_G729Extensions_annexF = 5,
	H245_G729Extensions_annexG = 6,
	H245_G729Extensions_annexH = 7,
};

enum {
	H245_VBDCapability_type = 0,
};

enum {
	H245_NoPTAudioTelephonyEventCapability_audioTelephoneEvent = 0,
};

enum {
	H245_AudioCapability_nonStandard = 0,
	H245_AudioCapability_g711Alaw64k = 1,
	H245_AudioCapability_g711Alaw56k = 2,
	H245_AudioCapability_g711Ulaw64k = 3,
	H245_AudioCapability_g711Ulaw56k = 4,
	H245_AudioCapability_g722_64k = 5,
	H245_AudioCapability_g722_56k = 6,
	H245_AudioCapability_g722_48k = 7,
	H245_AudioCapability_g7231 = 8,
	H245_AudioCapability_g728 = 9,
	H245_AudioCapability_g729 = 10,
	H245_AudioCapability_g729AnnexA = 11,
	H245_AudioCapability_is11172AudioCapability = 12,
	H245_AudioCapability_is13818AudioCapability = 13,
	H245_AudioCapability_g729wAnnexB = 14,
	H245_AudioCapability_g729AnnexAwAnnexB = 15,
	H245_AudioCapability_g7231AnnexCCapability = 16,
	H245_AudioCapability_gsmFullRate = 17,
	H245_AudioCapability_gsmHalfRate = 18,
	H245_AudioCapability_gsmEnhancedFullRate = 19,
	H245_AudioCapability_genericAudioCapability = 20,
	H245_AudioCapability_g729Extensions = 21,
	H245_AudioCapability_vbd = 22,
	H245_AudioCapability_audioTelephonyEvent = 23,
	H245_AudioCapability_audioTone = 24,
};

enum {
	H245_Capability_h233EncryptionReceiveCapability_h233IVResponseTime = 0,
};

enum {
	H245_ConferenceCapability_nonStandardData = 0,
	H245_ConferenceCapability_chairControlCapability = 1,
	H245_ConferenceCapability_videoIndicateMixingCapability = 2,
	H245_ConferenceCapability_multipointVisualizationCapability = 3,
};

enum {
	H245_MediaEncryptionAlgorithm_nonStandard = 0,
	H245_MediaEncryptionAlgorithm_algorithm = 1,
};

enum {
	H245_AuthenticationCapability_nonStandard = 0,
	H245_AuthenticationCapability_antiSpamAlgorithm = 1,
};

enum {
	H245_IntegrityCapability_nonStandard = 0,
};

enum {
	H245_EncryptionAuthenticationAndIntegrity_encryptionCapability = 0,
	H245_EncryptionAuthenticationAndIntegrity_authenticationCapability = 1,
	H245_EncryptionAuthenticationAndIntegrity_integrityCapability = 2,
	H245_EncryptionAuthenticationAndIntegrity_genericH235SecurityCapability = 3,
};

enum {
	H245_H235SecurityCapability_encryptionAuthenticationAndIntegrity = 0,
	H245_H235SecurityCapability_mediaCapability = 1,
};

enum {
	H245_UserInputCapability_nonStandard = 0,
	H245_UserInputCapability_basicString = 1,
	H245_UserInputCapability_iA5String = 2,
	H245_UserInputCapability_generalString = 3,
	H245_UserInputCapability_dtmf = 4,
	H245_UserInputCapability_hookflash = 5,
	H245_UserInputCapability_extendedAlphanumeric = 6,
	H245_UserInputCapability_encryptedBasicString = 7,
	H245_UserInputCapability_encryptedIA5String = 8,
	H245_UserInputCapability_encryptedGeneralString = 9,
	H245_UserInputCapability_secureDTMF = 10,
	H245_UserInputCapability_genericUserInputCapability = 11,
};

enum {
	H245_MultiplexFormat_nonStandard = 0,
	H245_MultiplexFormat_h222Capability = 1,
	H245_MultiplexFormat_h223Capability = 2,
};

enum {
	H245_MultiplexedStreamCapability_multiplexFormat = 0,
	H245_MultiplexedStreamCapability_controlOnMuxStream = 1,
	H245_MultiplexedStreamCapability_capabilityOnMuxStream = 2,
};

enum {
	H245_AudioTelephonyEventCapability_dynamicRTPPayloadType = 0,
	H245_AudioTelephonyEventCapability_audioTelephoneEvent = 1,
};

enum {
	H245_AudioToneCapability_dynamicRTPPayloadType = 0,
};

enum {
	H245_DepFECCapability_rfc2733_separateStream_separatePort = 0,
	H245_DepFECCapability_rfc2733_separateStream_samePort = 1,
};

enum {
	H245_DepFECCapability_rfc2733_redundancyEncoding = 0,
	H245_DepFECCapability_rfc2733_separateStream = 1,
};

enum {
	H245_DepFECCapability_rfc2733 = 0,
};

enum {
	H245_MultiplePayloadStreamCapability_capabilities = 0,
};

enum {
	H245_FECCapability_rfc2733Format_rfc2733rfc2198 = 0,
	H245_FECCapability_rfc2733Format_rfc2733sameport = 1,
	H245_FECCapability_rfc2733Format_rfc2733diffport = 2,
};

enum {
	H245_FECCapability_protectedCapability = 0,
	H245_FECCapability_fecScheme = 1,
	H245_FECCapability_rfc2733Format = 2,
};

enum {
	H245_Capability_nonStandard = 0,
	H245_Capability_receiveVideoCapability = 1,
	H245_Capability_transmitVideoCapability = 2,
	H245_Capability_receiveAndTransmitVideoCapability = 3,
	H245_Capability_receiveAudioCapability = 4,
	H245_Capability_transmitAudioCapability = 5,
	H245_Capability_receiveAndTransmitAudioCapability = 6,
	H245_Capability_receiveDataApplicationCapability = 7,
	H245_Capability_transmitDataApplicationCapability = 8,
	H245_Capability_receiveAndTransmitDataApplicationCapability = 9,
	H245_Capability_h233EncryptionTransmitCapability = 10,
	H245_Capability_h233EncryptionReceiveCapability = 11,
	H245_Capability_conferenceCapability = 12,
	H245_Capability_h235SecurityCapability = 13,
	H245_Capability_maxPendingReplacementFor = 14,
	H245_Capability_receiveUserInputCapability = 15,
	H245_Capability_transmitUserInputCapability = 16,
	H245_Capability_receiveAndTransmitUserInputCapability = 17,
	H245_Capability_genericControlCapability = 18,
	H245_Capability_receiveMultiplexedStreamCapability = 19,
	H245_Capability_transmitMultiplexedStreamCapability = 20,
	H245_Capability_receiveAndTransmitMultiplexedStreamCapability = 21,
	H245_Capability_receiveRTPAudioTelephonyEventCapability = 22,
	H245_Capability_receiveRTPAudioToneCapability = 23,
	H245_Capability_depFecCapability = 24,
	H245_Capability_multiplePayloadStreamCapability = 25,
	H245_Capability_fecCapability = 26,
	H245_Capability_redundancyEncodingCap = 27,
	H245_Capability_oneOfCapabilities = 28,
};

enum {
	H245_CapabilityTableEntry_capabilityTableEntryNumber = 0,
	H245_CapabilityTableEntry_capability = 1,
};

enum {
	H245_CapabilityDescriptor_capabilityDescriptorNumber = 0,
	H245_CapabilityDescriptor_simultaneousCapabilities = 1,
};

enum {
	H245_GenericMessage_messageIdentifier = 0,
	H245_GenericMessage_subMessageIdentifier = 1,
	H245_GenericMessage_messageContent = 2,
};

enum {
	H245_TerminalCapabilitySet_sequenceNumber = 0,
	H245_TerminalCapabilitySet_protocolIdentifier = 1,
	H245_TerminalCapabilitySet_multiplexCapability = 2,
	H245_TerminalCapabilitySet_capabilityTable = 3,
	H245_TerminalCapabilitySet_capabilityDescriptors = 4,
	H245_TerminalCapabilitySet_genericInformation = 5,
};

enum {
	H245_EncryptionMode_nonStandard = 0,
	H245_EncryptionMode_h233Encryption = 1,
};

enum {
	H245_RedundancyEncodingElement_dataType = 0,
	H245_RedundancyEncodingElement_payloadType = 1,
};

enum {
	H245_RedundancyEncoding_rtpRedundancyEncoding_primary = 0,
	H245_RedundancyEncoding_rtpRedundancyEncoding_secondary = 1,
};

enum {
	H245_RedundancyEncoding_redundancyEncodingMethod = 0,
	H245_RedundancyEncoding_secondaryEncoding = 1,
	H245_RedundancyEncoding_rtpRedundancyEncoding = 2,
};

enum {
	H245_MultiplePayloadStreamElement_dataType = 0,
	H245_MultiplePayloadStreamElement_payloadType = 1,
};

enum {
	H245_MultiplePayloadStream_elements = 0,
};

enum {
	H245_DepFECData_rfc2733_mode_separateStream_differentPort_protectedSessionID = 0,
	H245_DepFECData_rfc2733_mode_separateStream_differentPort_protectedPayloadType = 1,
};

enum {
	H245_DepFECData_rfc2733_mode_separateStream_samePort_protectedPayloadType = 0,
};

enum {
	H245_DepFECData_rfc2733_mode_separateStream_differentPort = 0,
	H245_DepFECData_rfc2733_mode_separateStream_samePort = 1,
};

enum {
	H245_DepFECData_rfc2733_mode_redundancyEncoding = 0,
	H245_DepFECData_rfc2733_mode_separateStream = 1,
};

enum {
	H245_DepFECData_rfc2733_mode = 0,
};

enum {
	H245_DepFECData_rfc2733 = 0,
};

enum {
	H245_FECData_rfc2733_pktMode_rfc2733diffport_protectedChannel = 0,
};

enum {
	H245_FECData_rfc2733_pktMode_rfc2198coding = 0,
	H245_FECData_rfc2733_pktMode_rfc2733sameport = 1,
	H245_FECData_rfc2733_pktMode_rfc2733diffport = 2,
};

enum {
	H245_FECData_rfc2733_protectedPayloadType = 0,
	H245_FECData_rfc2733_fecScheme = 1,
	H245_FECData_rfc2733_pktMode = 2,
};

enum {
	H245_FECData_rfc2733 = 0,
};

enum {
	H245_H235Media_mediaType_nonStandard = 0,
	H245_H235Media_mediaType_videoData = 1,
	H245_H235Media_mediaType_audioData = 2,
	H245_H235Media_mediaType_data = 3,
	H245_H235Media_mediaType_redundancyEncoding = 4,
	H245_H235Media_mediaType_multiplePayloadStream = 5,
	H245_H235Media_mediaType_depFec = 6,
	H245_H235Media_mediaType_fec = 7,
};

enum {
	H245_H235Media_encryptionAuthenticationAndIntegrity = 0,
	H245_H235Media_mediaType = 1,
};

enum {
	H245_MultiplexedStreamParameter_multiplexFormat = 0,
	H245_MultiplexedStreamParameter_controlOnMuxStream = 1,
};

enum {
	H245_DataType_nonStandard = 0,
	H245_DataType_nullData = 1,
	H245_DataType_videoData = 2,
	H245_DataType_audioData = 3,
	H245_DataType_data = 4,
	H245_DataType_encryptionData = 5,
	H245_DataType_h235Control = 6,
	H245_DataType_h235Media = 7,
	H245_DataType_multiplexedStream = 8,
	H245_DataType_redundancyEncoding = 9,
	H245_DataType_multiplePayloadStream = 10,
	H245_DataType_depFec = 11,
	H245_DataType_fec = 12,
};

enum {
	H245_H222LogicalChannelParameters_resourceID = 0,
	H245_H222LogicalChannelParameters_subChannelID = 1,
	H245_H222LogicalChannelParameters_pcr_pid = 2,
	H245_H222LogicalChannelParameters_programDescriptors = 3,
	H245_H222LogicalChannelParameters_streamDescriptors = 4,
};

enum {
	H245_H223LogicalChannelParameters_adaptationLayerType_al3_controlFieldOctets = 0,
	H245_H223LogicalChannelParameters_adaptationLayerType_al3_sendBufferSize = 1,
};

enum {
	H245_H223AL1MParameters_transferMode_framed = 0,
	H245_H223AL1MParameters_transferMode_unframed = 1,
};

enum {
	H245_H223AL1MParameters_headerFEC_sebch16_7 = 0,
	H245_H223AL1MParameters_headerFEC_golay24_12 = 1,
};

enum {
	H245_H223AL1MParameters_crcLength_crc4bit = 0,
	H245_H223AL1MParameters_crcLength_crc12bit = 1,
	H245_H223AL1MParameters_crcLength_crc20bit = 2,
	H245_H223AL1MParameters_crcLength_crc28bit = 3,
	H245_H223AL1MParameters_crcLength_crc8bit = 4,
	H245_H223AL1MParameters_crcLength_crc16bit = 5,
	H245_H223AL1MParameters_crcLength_crc32bit = 6,
	H245_H223AL1MParameters_crcLength_crcNotUsed = 7,
};

enum {
	H245_H223AnnexCArqParameters_numberOfRetransmissions_finite = 0,
	H245_H223AnnexCArqParameters_numberOfRetransmissions_infinite = 1,
};

enum {
	H245_H223AnnexCArqParameters_numberOfRetransmissions = 0,
	H245_H223AnnexCArqParameters_sendBufferSize = 1,
};

enum {
	H245_H223AL1MParameters_arqType_noArq = 0,
	H245_H223AL1MParameters_arqType_typeIArq = 1,
	H245_H223AL1MParameters_arqType_typeIIArq = 2,
};

enum {
	H245_H223AL1MParameters_transferMode = 0,
	H245_H223AL1MParameters_headerFEC = 1,
	H245_H223AL1MParameters_crcLength = 2,
	H245_H223AL1MParameters_rcpcCodeRate = 3,
	H245_H223AL1MParameters_arqType = 4,
	H245_H223AL1MParameters_alpduInterleaving = 5,
	H245_H223AL1MParameters_alsduSplitting = 6,
	H245_H223AL1MParameters_rsCodeCorrection = 7,
};

enum {
	H245_H223AL2MParameters_headerFEC_sebch16_5 = 0,
	H245_H223AL2MParameters_headerFEC_golay24_12 = 1,
};

enum {
	H245_H223AL2MParameters_headerFEC = 0,
	H245_H223AL2MParameters_alpduInterleaving = 1,
};

enum {
	H245_H223AL3MParameters_headerFormat_sebch16_7 = 0,
	H245_H223AL3MParameters_headerFormat_golay24_12 = 1,
};

enum {
	H245_H223AL3MParameters_crcLength_crc4bit = 0,
	H245_H223AL3MParameters_crcLength_crc12bit = 1,
	H245_H223AL3MParameters_crcLength_crc20bit = 2,
	H245_H223AL3MParameters_crcLength_crc28bit = 3,
	H245_H223AL3MParameters_crcLength_crc8bit = 4,
	H245_H223AL3MParameters_crcLength_crc16bit = 5,
	H245_H223AL3MParameters_crcLength_crc32bit = 6,
	H245_H223AL3MParameters_crcLength_crcNotUsed = 7,
};

enum {
	H245_H223AL3MParameters_arqType_noArq = 0,
	H245_H223AL3MParameters_arqType_typeIArq = 1,
	H245_H223AL3MParameters_arqType_typeIIArq = 2,
};

enum {
	H245_H223AL3MParameters_headerFormat = 0,
	H245_H223AL3MParameters_crcLength = 1,
	H245_H223AL3MParameters_rcpcCodeRate = 2,
	H245_H223AL3MParameters_arqType = 3,
	H245_H223AL3MParameters_alpduInterleaving = 4,
	H245_H223AL3MParameters_rsCodeCorrection = 5,
};

enum {
	H245_H223LogicalChannelParameters_adaptationLayerType_nonStandard = 0,
	H245_H223LogicalChannelParameters_adaptationLayerType_al1Framed = 1,
	H245_H223LogicalChannelParameters_adaptationLayerType_al1NotFramed = 2,
	H245_H223LogicalChannelParameters_adaptationLayerType_al2WithoutSequenceNumbers = 3,
	H245_H223LogicalChannelParameters_adaptationLayerType_al2WithSequenceNumbers = 4,
	H245_H223LogicalChannelParameters_adaptationLayerType_al3 = 5,
	H245_H223LogicalChannelParameters_adaptationLayerType_al1M = 6,
	H245_H223LogicalChannelParameters_adaptationLayerType_al2M = 7,
	H245_H223LogicalChannelParameters_adaptationLayerType_al3M = 8,
};

enum {
	H245_H223LogicalChannelParameters_adaptationLayerType = 0,
	H245_H223LogicalChannelParameters_segmentableFlag = 1,
};

enum {
	H245_CRCLength_crc8bit = 0,
	H245_CRCLength_crc16bit = 1,
	H245_CRCLength_crc32bit = 2,
};

enum {
	H245_V76HDLCParameters_crcLength = 0,
	H245_V76HDLCParameters_n401 = 1,
	H245_V76HDLCParameters_loopbackTestProcedure = 2,
};

enum {
	H245_V76LogicalChannelParameters_suspendResume_noSuspendResume = 0,
	H245_V76LogicalChannelParameters_suspendResume_suspendResumewAddress = 1,
	H245_V76LogicalChannelParameters_suspendResume_suspendResumewoAddress = 2,
};

enum {
	H245_V76LogicalChannelParameters_mode_eRM_recovery_rej = 0,
	H245_V76LogicalChannelParameters_mode_eRM_recovery_sREJ = 1,
	H245_V76LogicalChannelParameters_mode_eRM_recovery_mSREJ = 2,
};

enum {
	H245_V76LogicalChannelParameters_mode_eRM_windowSize = 0,
	H245_V76LogicalChannelParameters_mode_eRM_recovery = 1,
};

enum {
	H245_V76LogicalChannelParameters_mode_eRM = 0,
	H245_V76LogicalChannelParameters_mode_uNERM = 1,
};

enum {
	H245_V75Parameters_audioHeaderPresent = 0,
};

enum {
	H245_V76LogicalChannelParameters_hdlcParameters = 0,
	H245_V76LogicalChannelParameters_suspendResume = 1,
	H245_V76LogicalChannelParameters_uIH = 2,
	H245_V76LogicalChannelParameters_mode = 3,
	H245_V76LogicalChannelParameters_v75Parameters = 4,
};

enum {
	H245_UnicastAddress_iPAddress_network = 0,
	H245_UnicastAddress_iPAddress_tsapIdentifier = 1,
};

enum {
	H245_UnicastAddress_iPXAddress_node = 0,
	H245_UnicastAddress_iPXAddress_netnum = 1,
	H245_UnicastAddress_iPXAddress_tsapIdentifier = 2,
};

enum {
	H245_UnicastAddress_iP6Address_network = 0,
	H245_UnicastAddress_iP6Address_tsapIdentifier = 1,
};

enum {
	H245_UnicastAddress_iPSourceRouteAddress_routing_strict = 0,
	H245_UnicastAddress_iPSourceRouteAddress_routing_loose = 1,
};

enum {
	H245_UnicastAddress_iPSourceRouteAddress_routing = 0,
	H245_UnicastAddress_iPSourceRouteAddress_network = 1,
	H245_UnicastAddress_iPSourceRouteAddress_tsapIdentifier = 2,
	H245_UnicastAddress_iPSourceRouteAddress_route = 3,
};

enum {
	H245_UnicastAddress_iPAddress = 0,
	H245_UnicastAddress_iPXAddress = 1,
	H245_UnicastAddress_iP6Address = 2,
	H245_UnicastAddress_netBios = 3,
	H245_UnicastAddress_iPSourceRouteAddress = 4,
	H245_UnicastAddress_nsap = 5,
	H245_UnicastAddress_nonStandardAddress = 6,
};

enum {
	H245_MulticastAddress_iPAddress_network = 0,
	H245_MulticastAddress_iPAddress_tsapIdentifier = 1,
};

enum {
	H245_MulticastAddress_iP6Address_network = 0,
	H245_MulticastAddress_iP6Address_tsapIdentifier = 1,
};

enum {
	H245_MulticastAddress_iPAddress = 0,
	H245_MulticastAddress_iP6Address = 1,
	H245_MulticastAddress_nsap = 2,
	H245_MulticastAddress_nonStandardAddress = 3,
};

enum {
	H245_TransportAddress_unicastAddress = 0,
	H245_TransportAddress_multicastAddress = 1,
};

enum {
	H245_TerminalLabel_mcuNumber = 0,
	H245_TerminalLabel_terminalNumber = 1,
};

enum {
	H245_H2250LogicalChannelParameters_mediaPacketization_h261aVideoPacketization = 0,
	H245_H2250LogicalChannelParameters_mediaPacketization_rtpPayloadType = 1,
};

enum {
	H245_H2250LogicalChannelParameters_nonStandard = 0,
	H245_H2250LogicalChannelParameters_sessionID = 1,
	H245_H2250LogicalChannelParameters_associatedSessionID = 2,
	H245_H2250LogicalChannelParameters_mediaChannel = 3,
	H245_H2250LogicalChannelParameters_mediaGuaranteedDelivery = 4,
	H245_H2250LogicalChannelParameters_mediaControlChannel = 5,
	H245_H2250LogicalChannelParameters_mediaControlGuaranteedDelivery = 6,
	H245_H2250LogicalChannelParameters_silenceSuppression = 7,
	H245_H2250LogicalChannelParameters_destination = 8,
	H245_H2250LogicalChannelParameters_dynamicRTPPayloadType = 9,
	H245_H2250LogicalChannelParameters_mediaPacketization = 10,
	H245_H2250LogicalChannelParameters_transportCapability = 11,
	H245_H2250LogicalChannelParameters_redundancyEncoding = 12,
	H245_H2250LogicalChannelParameters_source = 13,
};

enum {
	H245_OpenLogicalChannel_forwardLogicalChannelParameters_multiplexParameters_h222LogicalChannelParameters = 0,
	H245_OpenLogicalChannel_forwardLogicalChannelParameters_multiplexParameters_h223LogicalChannelParameters = 1,
	H245_OpenLogicalChannel_forwardLogicalChannelParameters_multiplexParameters_v76LogicalChannelParameters = 2,
	H245_OpenLogicalChannel_forwardLogicalChannelParameters_multiplexParameters_h2250LogicalChannelParameters = 3,
	H245_OpenLogicalChannel_forwardLogicalChannelParameters_multiplexParameters_none = 4,
};

enum {
	H245_OpenLogicalChannel_forwardLogicalChannelParameters_portNumber = 0,
	H245_OpenLogicalChannel_forwardLogicalChannelParameters_dataType = 1,
	H245_OpenLogicalChannel_forwardLogicalChannelParameters_multiplexParameters = 2,
	H245_OpenLogicalChannel_forwardLogicalChannelParameters_forwardLogicalChannelDependency = 3,
	H245_OpenLogicalChannel_forwardLogicalChannelParameters_replacementFor = 4,
};

enum {
	H245_OpenLogicalChannel_reverseLogicalChannelParameters_multiplexParameters_h223LogicalChannelParameters = 0,
	H245_OpenLogicalChannel_reverseLogicalChannelParameters_multiplexParameters_v76LogicalChannelParameters = 1,
	H245_OpenLogicalChannel_reverseLogicalChannelParameters_multiplexParameters_h2250LogicalChannelParameters = 2,
};

enum {
	H245_OpenLogicalChannel_reverseLogicalChannelParameters_dataType = 0,
	H245_OpenLogicalChannel_reverseLogicalChannelParameters_multiplexParameters = 1,
	H245_OpenLogicalChannel_reverseLogicalChannelParameters_reverseLogicalChannelDependency = 2,
	H245_OpenLogicalChannel_reverseLogicalChannelParameters_replacementFor = 3,
};

enum {
	H245_NetworkAccessParameters_distribution_unicast = 0,
	H245_NetworkAccessParameters_distribution_multicast = 1,
};

enum {
	H245_NetworkAccessParameters_networkAddress_q2931Address = 0,
	H245_NetworkAccessParameters_networkAddress_e164Address = 1,
	H245_NetworkAccessParameters_networkAddress_localAreaAddress = 2,
};

enum {
	H245_NetworkAccessParameters_t120SetupProcedure_originateCall = 0,
	H245_NetworkAccessParameters_t120SetupProcedure_waitForCall = 1,
	H245_NetworkAccessParameters_t120SetupProcedure_issueQuery = 2,
};

enum {
	H245_NetworkAccessParameters_distribution = 0,
	H245_NetworkAccessParameters_networkAddress = 1,
	H245_NetworkAccessParameters_associateConference = 2,
	H245_NetworkAccessParameters_externalReference = 3,
	H245_NetworkAccessParameters_t120SetupProcedure = 4,
};

enum {
	H245_EscrowData_escrowID = 0,
	H245_EscrowData_escrowValue = 1,
};

enum {
	H245_EncryptionSync_nonStandard = 0,
	H245_EncryptionSync_synchFlag = 1,
	H245_EncryptionSync_h235Key = 2,
	H245_EncryptionSync_escrowentry = 3,
	H245_EncryptionSync_genericParameter = 4,
};

enum {
	H245_OpenLogicalChannel_forwardLogicalChannelNumber = 0,
	H245_OpenLogicalChannel_forwardLogicalChannelParameters = 1,
	H245_OpenLogicalChannel_reverseLogicalChannelParameters = 2,
	H245_OpenLogicalChannel_separateStack = 3,
	H245_OpenLogicalChannel_encryptionSync = 4,
	H245_OpenLogicalChannel_genericInformation = 5,
};

enum {
	H245_CloseLogicalChannel_source_user = 0,
	H245_CloseLogicalChannel_source_lcse = 1,
};

enum {
	H245_CloseLogicalChannel_reason_unknown = 0,
	H245_CloseLogicalChannel_reason_reopen = 1,
	H245_CloseLogicalChannel_reason_reservationFailure = 2,
	H245_CloseLogicalChannel_reason_networkErrorCode = 3,
};

enum {
	H245_CloseLogicalChannel_forwardLogicalChannelNumber = 0,
	H245_CloseLogicalChannel_source = 1,
	H245_CloseLogicalChannel_reason = 2,
};

enum {
	H245_RequestChannelClose_reason_unknown = 0,
	H245_RequestChannelClose_reason_normal = 1,
	H245_RequestChannelClose_reason_reopen = 2,
	H245_RequestChannelClose_reason_reservationFailure = 3,
	H245_RequestChannelClose_reason_networkErrorCode = 4,
};

enum {
	H245_RequestChannelClose_forwardLogicalChannelNumber = 0,
	H245_RequestChannelClose_qosCapability = 1,
	H245_RequestChannelClose_reason = 2,
};

enum {
	H245_MultiplexElement_type_logicalChannelNumber = 0,
	H245_MultiplexElement_type_subElementList = 1,
};

enum {
	H245_MultiplexElement_repeatCount_finite = 0,
	H245_MultiplexElement_repeatCount_untilClosingFlag = 1,
};

enum {
	H245_MultiplexElement_type = 0,
	H245_MultiplexElement_repeatCount = 1,
};

enum {
	H245_MultiplexEntryDescriptor_multiplexTableEntryNumber = 0,
	H245_MultiplexEntryDescriptor_elementList = 1,
};

enum {
	H245_MultiplexEntrySend_sequenceNumber = 0,
	H245_MultiplexEntrySend_multiplexEntryDescriptors = 1,
};

enum {
	H245_RequestMultiplexEntry_entryNumbers = 0,
};

enum {
	H245_H261VideoMode_resolution_qcif = 0,
	H245_H261VideoMode_resolution_cif = 1,
};

enum {
	H245_H261VideoMode_resolution = 0,
	H245_H261VideoMode_bitRate = 1,
	H245_H261VideoMode_stillImageTransmission = 2,
};

enum {
	H245_H262VideoMode_profileAndLevel_profileAndLevel_SPatML = 0,
	H245_H262VideoMode_profileAndLevel_profileAndLevel_MPatLL = 1,
	H245_H262VideoMode_profileAndLevel_profileAndLevel_MPatML = 2,
	H245_H262VideoMode_profileAndLevel_profileAndLevel_MPatH_14 = 3,
	H245_H262VideoMode_profileAndLevel_profileAndLevel_MPatHL = 4,
	H245_H262VideoMode_profileAndLevel_profileAndLevel_SNRatLL = 5,
	H245_H262VideoMode_profileAndLevel_profileAndLevel_SNRatML = 6,
	H245_H262VideoMode_profileAndLevel_profileAndLevel_SpatialatH_14 = 7,
	H245_H262VideoMode_profileAndLevel_profileAndLevel_HPatML = 8,
	H245_H262VideoMode_profileAndLevel_profileAndLevel_HPatH_14 = 9,
	H245_H262VideoMode_profileAndLevel_profileAndLevel_HPatHL = 10,
};

enum {
	H245_H262VideoMode_profileAndLevel = 0,
	H245_H262VideoMode_videoBitRate = 1,
	H245_H262VideoMode_vbvBufferSize = 2,
	H245_H262VideoMode_samplesPerLine = 3,
	H245_H262VideoMode_linesPerFrame = 4,
	H245_H262VideoMode_framesPerSecond = 5,
	H245_H262VideoMode_luminanceSampleRate = 6,
};

enum {
	H245_H263VideoMode_resolution_sqcif = 0,
	H245_H263VideoMode_resolution_qcif = 1,
	H245_H263VideoMode_resolution_cif = 2,
	H245_H263VideoMode_resolution_cif4 = 3,
	H245_H263VideoMode_resolution_cif16 = 4,
	H245_H263VideoMode_resolution_custom = 5,
};

enum {
	H245_H263VideoMode_resolution = 0,
	H245_H263VideoMode_bitRate = 1,
	H245_H263VideoMode_unrestrictedVector = 2,
	H245_H263VideoMode_arithmeticCoding = 3,
	H245_H263VideoMode_advancedPrediction = 4,
	H245_H263VideoMode_pbFrames = 5,
	H245_H263VideoMode_errorCompensation = 6,
	H245_H263VideoMode_enhancementLayerInfo = 7,
	H245_H263VideoMode_h263Options = 8,
};

enum {
	H245_IS11172VideoMode_constrainedBitstream = 0,
	H245_IS11172VideoMode_videoBitRate = 1,
	H245_IS11172VideoMode_vbvBufferSize = 2,
	H245_IS11172VideoMode_samplesPerLine = 3,
	H245_IS11172VideoMode_linesPerFrame = 4,
	H245_IS11172VideoMode_pictureRate = 5,
	H245_IS11172VideoMode_luminanceSampleRate = 6,
};

enum {
	H245_VideoMode_nonStandard = 0,
	H245_VideoMode_h261VideoMode = 1,
	H245_VideoMode_h262VideoMode = 2,
	H245_VideoMode_h263VideoMode = 3,
	H245_VideoMode_is11172VideoMode = 4,
	H245_VideoMode_genericVideoMode = 5,
};

enum {
	H245_AudioMode_g7231_noSilenceSuppressionLowRate = 0,
	H245_AudioMode_g7231_noSilenceSuppressionHighRate = 1,
	H245_AudioMode_g7231_silenceSuppressionLowRate = 2,
	H245_AudioMode_g7231_silenceSuppressionHighRate = 3,
};

enum {
	H245_IS11172AudioMode_audioLayer_audioLayer1 = 0,
	H245_IS11172AudioMode_audioLayer_audioLayer2 = 1,
	H245_IS11172AudioMode_audioLayer_audioLayer3 = 2,
};

enum {
	H245_IS11172AudioMode_audioSampling_audioSampling32k = 0,
	H245_IS11172AudioMode_audioSampling_audioSampling44k1 = 1,
	H245_IS11172AudioMode_audioSampling_audioSampling48k = 2,
};

enum {
	H245_IS11172AudioMode_multichannelType_singleChannel = 0,
	H245_IS11172AudioMode_multichannelType_twoChannelStereo = 1,
	H245_IS11172AudioMode_multichannelType_twoChannelDual = 2,
};

enum {
	H245_IS11172AudioMode_audioLayer = 0,
	H245_IS11172AudioMode_audioSampling = 1,
	H245_IS11172AudioMode_multichannelType = 2,
	H245_IS11172AudioMode_bitRate = 3,
};

enum {
	H245_IS13818AudioMode_audioLayer_audioLayer1 = 0,
	H245_IS13818AudioMode_audioLayer_audioLayer2 = 1,
	H245_IS13818AudioMode_audioLayer_audioLayer3 = 2,
};

enum {
	H245_IS13818AudioMode_audioSampling_audioSampling16k = 0,
	H245_IS13818AudioMode_audioSampling_audioSampling22k05 = 1,
	H245_IS13818AudioMode_audioSampling_audioSampling24k = 2,
	H245_IS13818AudioMode_audioSampling_audioSampling32k = 3,
	H245_IS13818AudioMode_audioSampling_audioSampling44k1 = 4,
	H245_IS13818AudioMode_audioSampling_audioSampling48k = 5,
};

enum {
	H245_IS13818AudioMode_multichannelType_singleChannel = 0,
	H245_IS13818AudioMode_multichannelType_twoChannelStereo = 1,
	H245_IS13818AudioMode_multichannelType_twoChannelDual = 2,
	H245_IS13818AudioMode_multichannelType_threeChannels2_1 = 3,
	H245_IS13818AudioMode_multichannelType_threeChannels3_0 = 4,
	H245_IS13818AudioMode_multichannelType_fourChannels2_0_2_0 = 5,
	H245_IS13818AudioMode_multichannelType_fourChannels2_2 = 6,
	H245_IS13818AudioMode_multichannelType_fourChannels3_1 = 7,
	H245_IS13818AudioMode_multichannelType_fiveChannels3_0_2_0 = 8,
	H245_IS13818AudioMode_multichannelType_fiveChannels3_2 = 9,
};

enum {
	H245_IS13818AudioMode_audioLayer = 0,
	H245_IS13818AudioMode_audioSampling = 1,
	H245_IS13818AudioMode_multichannelType = 2,
	H245_IS13818AudioMode_lowFrequencyEnhancement = 3,
	H245_IS13818AudioMode_multilingual = 4,
	H245_IS13818AudioMode_bitRate = 5,
};

enum {
	H245_G7231AnnexCMode_g723AnnexCAudioMode_highRateMode0 = 0,
	H245_G7231AnnexCMode_g723AnnexCAudioMode_highRateMode1 = 1,
	H245_G7231AnnexCMode_g723AnnexCAudioMode_lowRateMode0 = 2,
	H245_G7231AnnexCMode_g723AnnexCAudioMode_lowRateMode1 = 3,
	H245_G7231AnnexCMode_g723AnnexCAudioMode_sidMode0 = 4,
	H245_G7231AnnexCMode_g723AnnexCAudioMode_sidMode1 = 5,
};

enum {
	H245_G7231AnnexCMode_maxAl_sduAudioFrames = 0,
	H245_G7231AnnexCMode_silenceSuppression = 1,
	H245_G7231AnnexCMode_g723AnnexCAudioMode = 2,
};

enum {
	H245_VBDMode_type = 0,
};

enum {
	H245_AudioMode_nonStandard = 0,
	H245_AudioMode_g711Alaw64k = 1,
	H245_AudioMode_g711Alaw56k = 2,
	H245_AudioMode_g711Ulaw64k = 3,
	H245_AudioMode_g711Ulaw56k = 4,
	H245_AudioMode_g722_64k = 5,
	H245_AudioMode_g722_56k = 6,
	H245_AudioMode_g722_48k = 7,
	H245_AudioMode_g728 = 8,
	H245_AudioMode_g729 = 9,
	H245_AudioMode_g729AnnexA = 10,
	H245_AudioMode_g7231 = 11,
	H245_AudioMode_is11172AudioMode = 12,
	H245_AudioMode_is13818AudioMode = 13,
	H245_AudioMode_g729wAnnexB = 14,
	H245_AudioMode_g729AnnexAwAnnexB = 15,
	H245_AudioMode_g7231AnnexCMode = 16,
	H245_AudioMode_gsmFullRate = 17,
	H245_AudioMode_gsmHalfRate = 18,
	H245_AudioMode_gsmEnhancedFullRate = 19,
	H245_AudioMode_genericAudioMode = 20,
	H245_AudioMode_g729Extensions = 21,
	H245_AudioMode_vbd = 22,
};

enum {
	H245_DataMode_application_nlpid_nlpidProtocol = 0,
	H245_DataMode_application_nlpid_nlpidData = 1,
};

enum {
	H245_DataMode_application_t38fax_t38FaxProtocol = 0,
	H245_DataMode_application_t38fax_t38FaxProfile = 1,
};

enum {
	H245_DataMode_application_nonStandard = 0,
	H245_DataMode_application_t120 = 1,
	H245_DataMode_application_dsm_cc = 2,
	H245_DataMode_application_userData = 3,
	H245_DataMode_application_t84 = 4,
	H245_DataMode_application_t434 = 5,
	H245_DataMode_application_h224 = 6,
	H245_DataMode_application_nlpid = 7,
	H245_DataMode_application_dsvdControl = 8,
	H245_DataMode_application_h222DataPartitioning = 9,
	H245_DataMode_application_t30fax = 10,
	H245_DataMode_application_t140 = 11,
	H245_DataMode_application_t38fax = 12,
	H245_DataMode_application_genericDataMode = 13,
};

enum {
	H245_DataMode_application = 0,
	H245_DataMode_bitRate = 1,
};

enum {
	H245_H235Mode_mediaMode_nonStandard = 0,
	H245_H235Mode_mediaMode_videoMode = 1,
	H245_H235Mode_mediaMode_audioMode = 2,
	H245_H235Mode_mediaMode_dataMode = 3,
};

enum {
	H245_H235Mode_encryptionAuthenticationAndIntegrity = 0,
	H245_H235Mode_mediaMode = 1,
};

enum {
	H245_FECMode_rfc2733Format_rfc2733rfc2198 = 0,
	H245_FECMode_rfc2733Format_rfc2733sameport = 1,
	H245_FECMode_rfc2733Format_rfc2733diffport = 2,
};

enum {
	H245_FECMode_protectedElement = 0,
	H245_FECMode_fecScheme = 1,
	H245_FECMode_rfc2733Format = 2,
};

enum {
	H245_RedundancyEncodingDTModeElement_type_nonStandard = 0,
	H245_RedundancyEncodingDTModeElement_type_videoMode = 1,
	H245_RedundancyEncodingDTModeElement_type_audioMode = 2,
	H245_RedundancyEncodingDTModeElement_type_dataMode = 3,
	H245_RedundancyEncodingDTModeElement_type_encryptionMode = 4,
	H245_RedundancyEncodingDTModeElement_type_h235Mode = 5,
	H245_RedundancyEncodingDTModeElement_type_fecMode = 6,
};

enum {
	H245_RedundancyEncodingDTModeElement_type = 0,
};

enum {
	H245_RedundancyEncodingDTMode_redundancyEncodingMethod = 0,
	H245_RedundancyEncodingDTMode_primary = 1,
	H245_RedundancyEncodingDTMode_secondary = 2,
};

enum {
	H245_MultiplePayloadStreamElementMode_type = 0,
};

enum {
	H245_MultiplePayloadStreamMode_elements = 0,
};

enum {
	H245_DepFECMode_rfc2733Mode_mode_separateStream_differentPort_protectedSessionID = 0,
	H245_DepFECMode_rfc2733Mode_mode_separateStream_differentPort_protectedPayloadType = 1,
};

enum {
	H245_DepFECMode_rfc2733Mode_mode_separateStream_samePort_protectedType = 0,
};

enum {
	H245_DepFECMode_rfc2733Mode_mode_separateStream_differentPort = 0,
	H245_DepFECMode_rfc2733Mode_mode_separateStream_samePort = 1,
};

enum {
	H245_DepFECMode_rfc2733Mode_mode_redundancyEncoding = 0,
	H245_DepFECMode_rfc2733Mode_mode_separateStream = 1,
};

enum {
	H245_DepFECMode_rfc2733Mode_mode = 0,
};

enum {
	H245_DepFECMode_rfc2733Mode = 0,
};

enum {
	H245_ModeElementType_nonStandard = 0,
	H245_ModeElementType_videoMode = 1,
	H245_ModeElementType_audioMode = 2,
	H245_ModeElementType_dataMode = 3,
	H245_ModeElementType_encryptionMode = 4,
	H245_ModeElementType_h235Mode = 5,
	H245_ModeElementType_multiplexedStreamMode = 6,
	H245_ModeElementType_redundancyEncodingDTMode = 7,
	H245_ModeElementType_multiplePayloadStreamMode = 8,
	H245_ModeElementType_depFecMode = 9,
	H245_ModeElementType_fecMode = 10,
};

enum {
	H245_H223ModeParameters_adaptationLayerType_al3_controlFieldOctets = 0,
	H245_H223ModeParameters_adaptationLayerType_al3_sendBufferSize = 1,
};

enum {
	H245_H223ModeParameters_adaptationLayerType_nonStandard = 0,
	H245_H223ModeParameters_adaptationLayerType_al1Framed = 1,
	H245_H223ModeParameters_adaptationLayerType_al1NotFramed = 2,
	H245_H223ModeParameters_adaptationLayerType_al2WithoutSequenceNumbers = 3,
	H245_H223ModeParameters_adaptationLayerType_al2WithSequenceNumbers = 4,
	H245_H223ModeParameters_adaptationLayerType_al3 = 5,
	H245_H223ModeParameters_adaptationLayerType_al1M = 6,
	H245_H223ModeParameters_adaptationLayerType_al2M = 7,
	H245_H223ModeParameters_adaptationLayerType_al3M = 8,
};

enum {
	H245_H223ModeParameters_adaptationLayerType = 0,
	H245_H223ModeParameters_segmentableFlag = 1,
};

enum {
	H245_V76ModeParameters_suspendResumewAddress = 0,
	H245_V76ModeParameters_suspendResumewoAddress = 1,
};

enum {
	H245_RedundancyEncodingMode_secondaryEncoding_nonStandard = 0,
	H245_RedundancyEncodingMode_secondaryEncoding_audioData = 1,
};

enum {
	H245_RedundancyEncodingMode_redundancyEncodingMethod = 0,
	H245_RedundancyEncodingMode_secondaryEncoding = 1,
};

enum {
	H245_H2250ModeParameters_redundancyEncodingMode = 0,
};

enum {
	H245_MultiplexedStreamModeParameters_logicalChannelNumber = 0,
};

enum {
	H245_ModeElement_type = 0,
	H245_ModeElement_h223ModeParameters = 1,
	H245_ModeElement_v76ModeParameters = 2,
	H245_ModeElement_h2250ModeParameters = 3,
	H245_ModeElement_genericModeParameters = 4,
	H245_ModeElement_multiplexedStreamModeParameters = 5,
	H245_ModeElement_logicalChannelNumber = 6,
};

enum {
	H245_RequestMode_sequenceNumber = 0,
	H245_RequestMode_requestedModes = 1,
};

enum {
	H245_RoundTripDelayRequest_sequenceNumber = 0,
};

enum {
	H245_MaintenanceLoopRequest_type_systemLoop = 0,
	H245_MaintenanceLoopRequest_type_mediaLoop = 1,
	H245_MaintenanceLoopRequest_type_logicalChannelLoop = 2,
};

enum {
	H245_MaintenanceLoopRequest_type = 0,
};

enum {
	H245_Criteria_field = 0,
	H245_Criteria_value = 1,
};

enum {
	H245_ConferenceRequest_requestTerminalCertificate_terminalLabel = 0,
	H245_ConferenceRequest_requestTerminalCertificate_certSelectionCriteria = 1,
	H245_ConferenceRequest_requestTerminalCertificate_sRandom = 2,
};

enum {
	H245_RemoteMCRequest_masterActivate = 0,
	H245_RemoteMCRequest_slaveActivate = 1,
	H245_RemoteMCRequest_deActivate = 2,
};

enum {
	H245_ConferenceRequest_terminalListRequest = 0,
	H245_ConferenceRequest_makeMeChair = 1,
	H245_ConferenceRequest_cancelMakeMeChair = 2,
	H245_ConferenceRequest_dropTerminal = 3,
	H245_ConferenceRequest_requestTerminalID = 4,
	H245_ConferenceRequest_enterH243Password = 5,
	H245_ConferenceRequest_enterH243TerminalID = 6,
	H245_ConferenceRequest_enterH243ConferenceID = 7,
	H245_ConferenceRequest_enterExtensionAddress = 8,
	H245_ConferenceRequest_requestChairTokenOwner = 9,
	H245_ConferenceRequest_requestTerminalCertificate = 10,
	H245_ConferenceRequest_broadcastMyLogicalChannel = 11,
	H245_ConferenceRequest_makeTerminalBroadcaster = 12,
	H245_ConferenceRequest_sendThisSource = 13,
	H245_ConferenceRequest_requestAllTerminalIDs = 14,
	H245_ConferenceRequest_remoteMCRequest = 15,
};

enum {
	H245_MultilinkRequest_callInformation_maxNumberOfAdditionalConnections = 0,
};

enum {
	H245_DialingInformationNetworkType_nonStandard = 0,
	H245_DialingInformationNetworkType_n_isdn = 1,
	H245_DialingInformationNetworkType_gstn = 2,
	H245_DialingInformationNetworkType_mobile = 3,
};

enum {
	H245_DialingInformationNumber_networkAddress = 0,
	H245_DialingInformationNumber_subAddress = 1,
	H245_DialingInformationNumber_networkType = 2,
};

enum {
	H245_DialingInformation_nonStandard = 0,
	H245_DialingInformation_differential = 1,
	H245_DialingInformation_infoNotAvailable = 2,
};

enum {
	H245_MultilinkRequest_addConnection_sequenceNumber = 0,
	H245_MultilinkRequest_addConnection_dialingInformation = 1,
};

enum {
	H245_ConnectionIdentifier_channelTag = 0,
	H245_ConnectionIdentifier_sequenceNumber = 1,
};

enum {
	H245_MultilinkRequest_removeConnection_connectionIdentifier = 0,
};

enum {
	H245_MultilinkRequest_maximumHeaderInterval_requestType_currentIntervalInformation = 0,
	H245_MultilinkRequest_maximumHeaderInterval_requestType_requestedInterval = 1,
};

enum {
	H245_MultilinkRequest_maximumHeaderInterval_requestType = 0,
};

enum {
	H245_MultilinkRequest_nonStandard = 0,
	H245_MultilinkRequest_callInformation = 1,
	H245_MultilinkRequest_addConnection = 2,
	H245_MultilinkRequest_removeConnection = 3,
	H245_MultilinkRequest_maximumHeaderInterval = 4,
};

enum {
	H245_LogicalChannelRateRequest_sequenceNumber = 0,
	H245_LogicalChannelRateRequest_logicalChannelNumber = 1,
	H245_LogicalChannelRateRequest_maximumBitRate = 2,
};

enum {
	H245_RequestMessage_nonStandard = 0,
	H245_RequestMessage_masterSlaveDetermination = 1,
	H245_RequestMessage_terminalCapabilitySet = 2,
	H245_RequestMessage_openLogicalChannel = 3,
	H245_RequestMessage_closeLogicalChannel = 4,
	H245_RequestMessage_requestChannelClose = 5,
	H245_RequestMessage_multiplexEntrySend = 6,
	H245_RequestMessage_requestMultiplexEntry = 7,
	H245_RequestMessage_requestMode = 8,
	H245_RequestMessage_roundTripDelayRequest = 9,
	H245_RequestMessage_maintenanceLoopRequest = 10,
	H245_RequestMessage_communicationModeRequest = 11,
	H245_RequestMessage_conferenceRequest = 12,
	H245_RequestMessage_multilinkRequest = 13,
	H245_RequestMessage_logicalChannelRateRequest = 14,
	H245_RequestMessage_genericRequest = 15,
};

enum {
	H245_MasterSlaveDeterminationAck_decision_master = 0,
	H245_MasterSlaveDeterminationAck_decision_slave = 1,
};

enum {
	H245_MasterSlaveDeterminationAck_decision = 0,
};

enum {
	H245_MasterSlaveDeterminationReject_cause_identicalNumbers = 0,
};

enum {
	H245_MasterSlaveDeterminationReject_cause = 0,
};

enum {
	H245_TerminalCapabilitySetAck_sequenceNumber = 0,
	H245_TerminalCapabilitySetAck_genericInformation = 1,
};

enum {
	H245_TerminalCapabilitySetReject_cause_tableEntryCapacityExceeded_highestEntryNumberProcessed = 0,
	H245_TerminalCapabilitySetReject_cause_tableEntryCapacityExceeded_noneProcessed = 1,
};

enum {
	H245_TerminalCapabilitySetReject_cause_unspecified = 0,
	H245_TerminalCapabilitySetReject_cause_undefinedTableEntryUsed = 1,
	H245_TerminalCapabilitySetReject_cause_descriptorCapacityExceeded = 2,
	H245_TerminalCapabilitySetReject_cause_tableEntryCapacityExceeded = 3,
};

enum {
	H245_TerminalCapabilitySetReject_sequenceNumber = 0,
	H245_TerminalCapabilitySetReject_cause = 1,
	H245_TerminalCapabilitySetReject_genericInformation = 2,
};

enum {
	H245_OpenLogicalChannelAck_reverseLogicalChannelParameters_multiplexParameters_h222LogicalChannelParameters = 0,
	H245_OpenLogicalChannelAck_reverseLogicalChannelParameters_multiplexParameters_h2250LogicalChannelParameters = 1,
};

enum {
	H245_OpenLogicalChannelAck_reverseLogicalChannelParameters_reverseLogicalChannelNumber = 0,
	H245_OpenLogicalChannelAck_reverseLogicalChannelParameters_portNumber = 1,
	H245_OpenLogicalChannelAck_reverseLogicalChannelParameters_multiplexParameters = 2,
	H245_OpenLogicalChannelAck_reverseLogicalChannelParameters_replacementFor = 3,
};

enum {
	H245_H2250LogicalChannelAckParameters_nonStandard = 0,
	H245_H2250LogicalChannelAckParameters_sessionID = 1,
	H245_H2250LogicalChannelAckParameters_mediaChannel = 2,
	H245_H2250LogicalChannelAckParameters_mediaControlChannel = 3,
	H245_H2250LogicalChannelAckParameters_dynamicRTPPayloadType = 4,
	H245_H2250LogicalChannelAckParameters_flowControlToZero = 5,
	H245_H2250LogicalChannelAckParameters_portNumber = 6,
};

enum {
	H245_OpenLogicalChannelAck_forwardMultiplexAckParameters_h2250LogicalChannelAckParameters = 0,
};

enum {
	H245_OpenLogicalChannelAck_forwardLogicalChannelNumber = 0,
	H245_OpenLogicalChannelAck_reverseLogicalChannelParameters = 1,
	H245_OpenLogicalChannelAck_separateStack = 2,
	H245_OpenLogicalChannelAck_forwardMultiplexAckParameters = 3,
	H245_OpenLogicalChannelAck_encryptionSync = 4,
	H245_OpenLogicalChannelAck_genericInformation = 5,
};

enum {
	H245_OpenLogicalChannelReject_cause_unspecified = 0,
	H245_OpenLogicalChannelReject_cause_unsuitableReverseParameters = 1,
	H245_OpenLogicalChannelReject_cause_dataTypeNotSupported = 2,
	H245_OpenLogicalChannelReject_cause_dataTypeNotAvailable = 3,
	H245_OpenLogicalChannelReject_cause_unknownDataType = 4,
	H245_OpenLogicalChannelReject_cause_dataTypeALCombinationNotSupported = 5,
	H245_OpenLogicalChannelReject_cause_multicastChannelNotAllowed = 6,
	H245_OpenLogicalChannelReject_cause_insufficientBandwidth = 7,
	H245_OpenLogicalChannelReject_cause_separateStackEstablishmentFailed = 8,
	H245_OpenLogicalChannelReject_cause_invalidSessionID = 9,
	H245_OpenLogicalChannelReject_cause_masterSlaveConflict = 10,
	H245_OpenLogicalChannelReject_cause_waitForCommunicationMode = 11,
	H245_OpenLogicalChannelReject_cause_invalidDependentChannel = 12,
	H245_OpenLogicalChannelReject_cause_replacementForRejected = 13,
	H245_OpenLogicalChannelReject_cause_securityDenied = 14,
	H245_OpenLogicalChannelReject_cause_qoSControlNotSupported = 15,
};

enum {
	H245_OpenLogicalChannelReject_forwardLogicalChannelNumber = 0,
	H245_OpenLogicalChannelReject_cause = 1,
	H245_OpenLogicalChannelReject_genericInformation = 2,
};

enum {
	H245_CloseLogicalChannelAck_forwardLogicalChannelNumber = 0,
};

enum {
	H245_RequestChannelCloseAck_forwardLogicalChannelNumber = 0,
};

enum {
	H245_RequestChannelCloseReject_cause_unspecified = 0,
};

enum {
	H245_RequestChannelCloseReject_forwardLogicalChannelNumber = 0,
	H245_RequestChannelCloseReject_cause = 1,
};

enum {
	H245_MultiplexEntrySendAck_sequenceNumber = 0,
	H245_MultiplexEntrySendAck_multiplexTableEntryNumber = 1,
};

enum {
	H245_MultiplexEntryRejectionDescriptions_cause_unspecifiedCause = 0,
	H245_MultiplexEntryRejectionDescriptions_cause_descriptorTooComplex = 1,
};

enum {
	H245_MultiplexEntryRejectionDescriptions_multiplexTableEntryNumber = 0,
	H245_MultiplexEntryRejectionDescriptions_cause = 1,
};

enum {
	H245_MultiplexEntrySendReject_sequenceNumber = 0,
	H245_MultiplexEntrySendReject_rejectionDescriptions = 1,
};

enum {
	H245_RequestMultiplexEntryAck_entryNumbers = 0,
};

enum {
	H245_RequestMultiplexEntryRejectionDescriptions_cause_unspecifiedCause = 0,
};

enum {
	H245_RequestMultiplexEntryRejectionDescriptions_multiplexTableEntryNumber = 0,
	H245_RequestMultiplexEntryRejectionDescriptions_cause = 1,
};

enum {
	H245_RequestMultiplexEntryReject_entryNumbers = 0,
	H245_RequestMultiplexEntryReject_rejectionDescriptions = 1,
};

enum {
	H245_RequestModeAck_response_willTransmitMostPreferredMode = 0,
	H245_RequestModeAck_response_willTransmitLessPreferredMode = 1,
};

enum {
	H245_RequestModeAck_sequenceNumber = 0,
	H245_RequestModeAck_response = 1,
};

enum {
	H245_RequestModeReject_cause_modeUnavailable = 0,
	H245_RequestModeReject_cause_multipointConstraint = 1,
	H245_RequestModeReject_cause_requestDenied = 2,
};

enum {
	H245_RequestModeReject_sequenceNumber = 0,
	H245_RequestModeReject_cause = 1,
};

enum {
	H245_RoundTripDelayResponse_sequenceNumber = 0,
};

enum {
	H245_MaintenanceLoopAck_type_systemLoop = 0,
	H245_MaintenanceLoopAck_type_mediaLoop = 1,
	H245_MaintenanceLoopAck_type_logicalChannelLoop = 2,
};

enum {
	H245_MaintenanceLoopAck_type = 0,
};

enum {
	H245_MaintenanceLoopReject_type_systemLoop = 0,
	H245_MaintenanceLoopReject_type_mediaLoop = 1,
	H245_MaintenanceLoopReject_type_logicalChannelLoop = 2,
};

enum {
	H245_MaintenanceLoopReject_cause_canNotPerformLoop = 0,
};

enum {
	H245_MaintenanceLoopReject_type = 0,
	H245_MaintenanceLoopReject_cause = 1,
};

enum {
	H245_CommunicationModeTableEntry_dataType_videoData = 0,
	H245_CommunicationModeTableEntry_dataType_audioData = 1,
	H245_CommunicationModeTableEntry_dataType_data = 2,
};

enum {
	H245_CommunicationModeTableEntry_nonStandard = 0,
	H245_CommunicationModeTableEntry_sessionID = 1,
	H245_CommunicationModeTableEntry_associatedSessionID = 2,
	H245_CommunicationModeTableEntry_terminalLabel = 3,
	H245_CommunicationModeTableEntry_sessionDescription = 4,
	H245_CommunicationModeTableEntry_dataType = 5,
	H245_CommunicationModeTableEntry_mediaChannel = 6,
	H245_CommunicationModeTableEntry_mediaGuaranteedDelivery = 7,
	H245_CommunicationModeTableEntry_mediaControlChannel = 8,
	H245_CommunicationModeTableEntry_mediaControlGuaranteedDelivery = 9,
	H245_CommunicationModeTableEntry_redundancyEncoding = 10,
	H245_CommunicationModeTableEntry_sessionDependency = 11,
	H245_CommunicationModeTableEntry_destination = 12,
};

enum {
	H245_CommunicationModeResponse_communicationModeTable = 0,
};

enum {
	H245_ConferenceResponse_mCTerminalIDResponse_terminalLabel = 0,
	H245_ConferenceResponse_mCTerminalIDResponse_terminalID = 1,
};

enum {
	H245_ConferenceResponse_terminalIDResponse_terminalLabel = 0,
	H245_ConferenceResponse_terminalIDResponse_terminalID = 1,
};

enum {
	H245_ConferenceResponse_conferenceIDResponse_terminalLabel = 0,
	H245_ConferenceResponse_conferenceIDResponse_conferenceID = 1,
};

enum {
	H245_ConferenceResponse_passwordResponse_terminalLabel = 0,
	H245_ConferenceResponse_passwordResponse_password = 1,
};

enum {
	H245_ConferenceResponse_makeMeChairResponse_grantedChairToken = 0,
	H245_ConferenceResponse_makeMeChairResponse_deniedChairToken = 1,
};

enum {
	H245_ConferenceResponse_extensionAddressResponse_extensionAddress = 0,
};

enum {
	H245_ConferenceResponse_chairTokenOwnerResponse_terminalLabel = 0,
	H245_ConferenceResponse_chairTokenOwnerResponse_terminalID = 1,
};

enum {
	H245_ConferenceResponse_terminalCertificateResponse_terminalLabel = 0,
	H245_ConferenceResponse_terminalCertificateResponse_certificateResponse = 1,
};

enum {
	H245_ConferenceResponse_broadcastMyLogicalChannelResponse_grantedBroadcastMyLogicalChannel = 0,
	H245_ConferenceResponse_broadcastMyLogicalChannelResponse_deniedBroadcastMyLogicalChannel = 1,
};

enum {
	H245_ConferenceResponse_makeTerminalBroadcasterResponse_grantedMakeTerminalBroadcaster = 0,
	H245_ConferenceResponse_makeTerminalBroadcasterResponse_deniedMakeTerminalBroadcaster = 1,
};

enum {
	H245_ConferenceResponse_sendThisSourceResponse_grantedSendThisSource = 0,
	H245_ConferenceResponse_sendThisSourceResponse_deniedSendThisSource = 1,
};

enum {
	H245_TerminalInformation_terminalLabel = 0,
	H245_TerminalInformation_terminalID = 1,
};

enum {
	H245_RequestAllTerminalIDsResponse_terminalInformation = 0,
};

enum {
	H245_RemoteMCResponse_reject_unspecified = 0,
	H245_RemoteMCResponse_reject_functionNotSupported = 1,
};

enum {
	H245_RemoteMCResponse_accept = 0,
	H245_RemoteMCResponse_reject = 1,
};

enum {
	H245_ConferenceResponse_mCTerminalIDResponse = 0,
	H245_ConferenceResponse_terminalIDResponse = 1,
	H245_ConferenceResponse_conferenceIDResponse = 2,
	H245_ConferenceResponse_passwordResponse = 3,
	H245_ConferenceResponse_terminalListResponse = 4,
	H245_ConferenceResponse_videoCommandReject = 5,
	H245_ConferenceResponse_terminalDropReject = 6,
	H245_ConferenceResponse_makeMeChairResponse = 7,
	H245_ConferenceResponse_extensionAddressResponse = 8,
	H245_ConferenceResponse_chairTokenOwnerResponse = 9,
	H245_ConferenceResponse_terminalCertificateResponse = 10,
	H245_ConferenceResponse_broadcastMyLogicalChannelResponse = 11,
	H245_ConferenceResponse_makeTerminalBroadcasterResponse = 12,
	H245_ConferenceResponse_sendThisSourceResponse = 13,
	H245_ConferenceResponse_requestAllTerminalIDsResponse = 14,
	H245_ConferenceResponse_remoteMCResponse = 15,
};

enum {
	H245_MultilinkResponse_callInformation_dialingInformation = 0,
	H245_MultilinkResponse_callInformation_callAssociationNumber = 1,
};

enum {
	H245_MultilinkResponse_addConnection_responseCode_rejected_connectionsNotAvailable = 0,
	H245_MultilinkResponse_addConnection_responseCode_rejected_userRejected = 1,
};

enum {
	H245_MultilinkResponse_addConnection_responseCode_accepted = 0,
	H245_MultilinkResponse_addConnection_responseCode_rejected = 1,
};

enum {
	H245_MultilinkResponse_addConnection_sequenceNumber = 0,
	H245_MultilinkResponse_addConnection_responseCode = 1,
};

enum {
	H245_MultilinkResponse_removeConnection_connectionIdentifier = 0,
};

enum {
	H245_MultilinkResponse_maximumHeaderInterval_currentInterval = 0,
};

enum {
	H245_MultilinkResponse_nonStandard = 0,
	H245_MultilinkResponse_callInformation = 1,
	H245_MultilinkResponse_addConnection = 2,
	H245_MultilinkResponse_removeConnection = 3,
	H245_MultilinkResponse_maximumHeaderInterval = 4,
};

enum {
	H245_LogicalChannelRateAcknowledge_sequenceNumber = 0,
	H245_LogicalChannelRateAcknowledge_logicalChannelNumber = 1,
	H245_LogicalChannelRateAcknowledge_maximumBitRate = 2,
};

enum {
	H245_LogicalChannelRateRejectReason_undefinedReason = 0,
	H245_LogicalChannelRateRejectReason_insufficientResources = 1,
};

enum {
	H245_LogicalChannelRateReject_sequenceNumber = 0,
	H245_LogicalChannelRateReject_logicalChannelNumber = 1,
	H245_LogicalChannelRateReject_rejectReason = 2,
	H245_LogicalChannelRateReject_currentMaximumBitRate = 3,
};

enum {
	H245_ResponseMessage_nonStandard = 0,
	H245_ResponseMessage_masterSlaveDeterminationAck = 1,
	H245_ResponseMessage_masterSlaveDeterminationReject = 2,
	H245_ResponseMessage_terminalCapabilitySetAck = 3,
	H245_ResponseMessage_terminalCapabilitySetReject = 4,
	H245_ResponseMessage_openLogicalChannelAck = 5,
	H245_ResponseMessage_openLogicalChannelReject = 6,
	H245_ResponseMessage_closeLogicalChannelAck = 7,
	H245_ResponseMessage_requestChannelCloseAck = 8,
	H245_ResponseMessage_requestChannelCloseReject = 9,
	H245_ResponseMessage_multiplexEntrySendAck = 10,
	H245_ResponseMessage_multiplexEntrySendReject = 11,
	H245_ResponseMessage_requestMultiplexEntryAck = 12,
	H245_ResponseMessage_requestMultiplexEntryReject = 13,
	H245_ResponseMessage_requestModeAck = 14,
	H245_ResponseMessage_requestModeReject = 15,
	H245_ResponseMessage_roundTripDelayResponse = 16,
	H245_ResponseMessage_maintenanceLoopAck = 17,
	H245_ResponseMessage_maintenanceLoopReject = 18,
	H245_ResponseMessage_communicationModeResponse = 19,
	H245_ResponseMessage_conferenceResponse = 20,
	H245_ResponseMessage_multilinkResponse = 21,
	H245_ResponseMessage_logicalChannelRateAcknowledge = 22,
	H245_ResponseMessage_logicalChannelRateReject = 23,
	H245_ResponseMessage_genericResponse = 24,
};

enum {
	H245_SendTerminalCapabilitySet_specificRequest_multiplexCapability = 0,
	H245_SendTerminalCapabilitySet_specificRequest_capabilityTableEntryNumbers = 1,
	H245_SendTerminalCapabilitySet_specificRequest_capabilityDescriptorNumbers = 2,
};

enum {
	H245_SendTerminalCapabilitySet_specificRequest = 0,
	H245_SendTerminalCapabilitySet_genericRequest = 1,
};

enum {
	H245_EncryptionCommand_encryptionAlgorithmID_h233AlgorithmIdentifier = 0,
	H245_EncryptionCommand_encryptionAlgorithmID_associatedAlgorithm = 1,
};

enum {
	H245_EncryptionCommand_encryptionSE = 0,
	H245_EncryptionCommand_encryptionIVRequest = 1,
	H245_EncryptionCommand_encryptionAlgorithmID = 2,
};

enum {
	H245_FlowControlCommand_scope_logicalChannelNumber = 0,
	H245_FlowControlCommand_scope_resourceID = 1,
	H245_FlowControlCommand_scope_wholeMultiplex = 2,
};

enum {
	H245_FlowControlCommand_restriction_maximumBitRate = 0,
	H245_FlowControlCommand_restriction_noRestriction = 1,
};

enum {
	H245_FlowControlCommand_scope = 0,
	H245_FlowControlCommand_restriction = 1,
};

enum {
	H245_EndSessionCommand_gstnOptions_telephonyMode = 0,
	H245_EndSessionCommand_gstnOptions_v8bis = 1,
	H245_EndSessionCommand_gstnOptions_v34DSVD = 2,
	H245_EndSessionCommand_gstnOptions_v34DuplexFAX = 3,
	H245_EndSessionCommand_gstnOptions_v34H324 = 4,
};

enum {
	H245_EndSessionCommand_isdnOptions_telephonyMode = 0,
	H245_EndSessionCommand_isdnOptions_v140 = 1,
	H245_EndSessionCommand_isdnOptions_terminalOnHold = 2,
};

enum {
	H245_EndSessionCommand_nonStandard = 0,
	H245_EndSessionCommand_disconnect = 1,
	H245_EndSessionCommand_gstnOptions = 2,
	H245_EndSessionCommand_isdnOptions = 3,
	H245_EndSessionCommand_genericInformation = 4,
};

enum {
	H245_MiscellaneousCommand_type_videoFastUpdateGOB_firstGOB = 0,
	H245_MiscellaneousCommand_type_videoFastUpdateGOB_numberOfGOBs = 1,
};

enum {
	H245_MiscellaneousCommand_type_videoFastUpdateMB_firstGOB = 0,
	H245_MiscellaneousCommand_type_videoFastUpdateMB_firstMB = 1,
	H245_MiscellaneousCommand_type_videoFastUpdateMB_numberOfMBs = 2,
};

enum {
	H245_KeyProtectionMethod_secureChannel = 0,
	H245_KeyProtectionMethod_sharedSecret = 1,
	H245_KeyProtectionMethod_certProtectedKey = 2,
};

enum {
	H245_EncryptionUpdateRequest_keyProtectionMethod = 0,
	H245_EncryptionUpdateRequest_synchFlag = 1,
};

enum {
	H245_MiscellaneousCommand_type_progressiveRefinementStart_repeatCount_doOneProgression = 0,
	H245_MiscellaneousCommand_type_progressiveRefinementStart_repeatCount_doContinuousProgressions = 1,
	H245_MiscellaneousCommand_type_progressiveRefinementStart_repeatCount_doOneIndependentProgression = 2,
	H245_MiscellaneousCommand_type_progressiveRefinementStart_repeatCount_doContinuousIndependentProgressions = 3,
};

enum {
	H245_MiscellaneousCommand_type_progressiveRefinementStart_repeatCount = 0,
};

enum {
	H245_MiscellaneousCommand_type_videoBadMBs_firstMB = 0,
	H245_MiscellaneousCommand_type_videoBadMBs_numberOfMBs = 1,
	H245_MiscellaneousCommand_type_videoBadMBs_temporalReference = 2,
};

enum {
	H245_PictureReference_pictureNumber = 0,
	H245_PictureReference_longTermPictureIndex = 1,
};

enum {
	H245_MiscellaneousCommand_type_lostPartialPicture_pictureReference = 0,
	H245_MiscellaneousCommand_type_lostPartialPicture_firstMB = 1,
	H245_MiscellaneousCommand_type_lostPartialPicture_numberOfMBs = 2,
};

enum {
	H245_MiscellaneousCommand_type_encryptionUpdateCommand_encryptionSync = 0,
	H245_MiscellaneousCommand_type_encryptionUpdateCommand_multiplePayloadStream = 1,
};

enum {
	H245_MiscellaneousCommand_type_encryptionUpdateAck_synchFlag = 0,
};

enum {
	H245_MiscellaneousCommand_type_equaliseDelay = 0,
	H245_MiscellaneousCommand_type_zeroDelay = 1,
	H245_MiscellaneousCommand_type_multipointModeCommand = 2,
	H245_MiscellaneousCommand_type_cancelMultipointModeCommand = 3,
	H245_MiscellaneousCommand_type_videoFreezePicture = 4,
	H245_MiscellaneousCommand_type_videoFastUpdatePicture = 5,
	H245_MiscellaneousCommand_type_videoFastUpdateGOB = 6,
	H245_MiscellaneousCommand_type_videoTemporalSpatialTradeOff = 7,
	H245_MiscellaneousCommand_type_videoSendSyncEveryGOB = 8,
	H245_MiscellaneousCommand_type_videoSendSyncEveryGOBCancel = 9,
	H245_MiscellaneousCommand_type_videoFastUpdateMB = 10,
	H245_MiscellaneousCommand_type_maxH223MUXPDUsize = 11,
	H245_MiscellaneousCommand_type_encryptionUpdate = 12,
	H245_MiscellaneousCommand_type_encryptionUpdateRequest = 13,
	H245_MiscellaneousCommand_type_switchReceiveMediaOff = 14,
	H245_MiscellaneousCommand_type_switchReceiveMediaOn = 15,
	H245_MiscellaneousCommand_type_progressiveRefinementStart = 16,
	H245_MiscellaneousCommand_type_progressiveRefinementAbortOne = 17,
	H245_MiscellaneousCommand_type_progressiveRefinementAbortContinuous = 18,
	H245_MiscellaneousCommand_type_videoBadMBs = 19,
	H245_MiscellaneousCommand_type_lostPicture = 20,
	H245_MiscellaneousCommand_type_lostPartialPicture = 21,
	H245_MiscellaneousCommand_type_recoveryReferencePicture = 22,
	H245_MiscellaneousCommand_type_encryptionUpdateCommand = 23,
	H245_MiscellaneousCommand_type_encryptionUpdateAck = 24,
};

enum {
	H245_EncryptionUpdateDirection_masterToSlave = 0,
	H245_EncryptionUpdateDirection_slaveToMaster = 1,
};

enum {
	H245_MiscellaneousCommand_logicalChannelNumber = 0,
	H245_MiscellaneousCommand_type = 1,
	H245_MiscellaneousCommand_direction = 2,
};

enum {
	H245_CommunicationModeCommand_communicationModeTable = 0,
};

enum {
	H245_SubstituteConferenceIDCommand_conferenceIdentifier = 0,
};

enum {
	H245_ConferenceCommand_broadcastMyLogicalChannel = 0,
	H245_ConferenceCommand_cancelBroadcastMyLogicalChannel = 1,
	H245_ConferenceCommand_makeTerminalBroadcaster = 2,
	H245_ConferenceCommand_cancelMakeTerminalBroadcaster = 3,
	H245_ConferenceCommand_sendThisSource = 4,
	H245_ConferenceCommand_cancelSendThisSource = 5,
	H245_ConferenceCommand_dropConference = 6,
	H245_ConferenceCommand_substituteConferenceIDCommand = 7,
};

enum {
	H245_H223MultiplexReconfiguration_h223ModeChange_toLevel0 = 0,
	H245_H223MultiplexReconfiguration_h223ModeChange_toLevel1 = 1,
	H245_H223MultiplexReconfiguration_h223ModeChange_toLevel2 = 2,
	H245_H223MultiplexReconfiguration_h223ModeChange_toLevel2withOptionalHeader = 3,
};

enum {
	H245_H223MultiplexReconfiguration_h223AnnexADoubleFlag_start = 0,
	H245_H223MultiplexReconfiguration_h223AnnexADoubleFlag_stop = 1,
};

enum {
	H245_H223MultiplexReconfiguration_h223ModeChange = 0,
	H245_H223MultiplexReconfiguration_h223AnnexADoubleFlag = 1,
};

enum {
	H245_NewATMVCCommand_aal_aal1_clockRecovery_nullClockRecovery = 0,
	H245_NewATMVCCommand_aal_aal1_clockRecovery_srtsClockRecovery = 1,
	H245_NewATMVCCommand_aal_aal1_clockRecovery_adaptiveClockRecovery = 2,
};

enum {
	H245_NewATMVCCommand_aal_aal1_errorCorrection_nullErrorCorrection = 0,
	H245_NewATMVCCommand_aal_aal1_errorCorrection_longInterleaver = 1,
	H245_NewATMVCCommand_aal_aal1_errorCorrection_shortInterleaver = 2,
	H245_NewATMVCCommand_aal_aal1_errorCorrection_errorCorrectionOnly = 3,
};

enum {
	H245_NewATMVCCommand_aal_aal1_clockRecovery = 0,
	H245_NewATMVCCommand_aal_aal1_errorCorrection = 1,
	H245_NewATMVCCommand_aal_aal1_structuredDataTransfer = 2,
	H245_NewATMVCCommand_aal_aal1_partiallyFilledCells = 3,
};

enum {
	H245_NewATMVCCommand_aal_aal5_forwardMaximumSDUSize = 0,
	H245_NewATMVCCommand_aal_aal5_backwardMaximumSDUSize = 1,
};

enum {
	H245_NewATMVCCommand_aal_aal1 = 0,
	H245_NewATMVCCommand_aal_aal5 = 1,
};

enum {
	H245_NewATMVCCommand_multiplex_noMultiplex = 0,
	H245_NewATMVCCommand_multiplex_transportStream = 1,
	H245_NewATMVCCommand_multiplex_programStream = 2,
};

enum {
	H245_NewATMVCCommand_reverseParameters_multiplex_noMultiplex = 0,
	H245_NewATMVCCommand_reverseParameters_multiplex_transportStream = 1,
	H245_NewATMVCCommand_reverseParameters_multiplex_programStream = 2,
};

enum {
	H245_NewATMVCCommand_reverseParameters_bitRate = 0,
	H245_NewATMVCCommand_reverseParameters_bitRateLockedToPCRClock = 1,
	H245_NewATMVCCommand_reverseParameters_bitRateLockedToNetworkClock = 2,
	H245_NewATMVCCommand_reverseParameters_multiplex = 3,
};

enum {
	H245_NewATMVCCommand_resourceID = 0,
	H245_NewATMVCCommand_bitRate = 1,
	H245_NewATMVCCommand_bitRateLockedToPCRClock = 2,
	H245_NewATMVCCommand_bitRateLockedToNetworkClock = 3,
	H245_NewATMVCCommand_aal = 4,
	H245_NewATMVCCommand_multiplex = 5,
	H245_NewATMVCCommand_reverseParameters = 6,
};

enum {
	H245_MobileMultilinkReconfigurationCommand_status_synchronized = 0,
	H245_MobileMultilinkReconfigurationCommand_status_reconfiguration = 1,
};

enum {
	H245_MobileMultilinkReconfigurationCommand_sampleSize = 0,
	H245_MobileMultilinkReconfigurationCommand_samplesPerFrame = 1,
	H245_MobileMultilinkReconfigurationCommand_status = 2,
};

enum {
	H245_CommandMessage_nonStandard = 0,
	H245_CommandMessage_maintenanceLoopOffCommand = 1,
	H245_CommandMessage_sendTerminalCapabilitySet = 2,
	H245_CommandMessage_encryptionCommand = 3,
	H245_CommandMessage_flowControlCommand = 4,
	H245_CommandMessage_endSessionCommand = 5,
	H245_CommandMessage_miscellaneousCommand = 6,
	H245_CommandMessage_communicationModeCommand = 7,
	H245_CommandMessage_conferenceCommand = 8,
	H245_CommandMessage_h223MultiplexReconfiguration = 9,
	H245_CommandMessage_newATMVCCommand = 10,
	H245_CommandMessage_mobileMultilinkReconfigurationCommand = 11,
	H245_CommandMessage_genericCommand = 12,
};

enum {
	H245_FunctionNotUnderstood_request = 0,
	H245_FunctionNotUnderstood_response = 1,
	H245_FunctionNotUnderstood_command = 2,
};

enum {
	H245_TerminalCapabilitySetRelease_genericInformation = 0,
};

enum {
	H245_OpenLogicalChannelConfirm_forwardLogicalChannelNumber = 0,
	H245_OpenLogicalChannelConfirm_genericInformation = 1,
};

enum {
	H245_RequestChannelCloseRelease_forwardLogicalChannelNumber = 0,
};

enum {
	H245_MultiplexEntrySendRelease_multiplexTableEntryNumber = 0,
};

enum {
	H245_RequestMultiplexEntryRelease_entryNumbers = 0,
};

enum {
	H245_MiscellaneousIndication_type_videoNotDecodedMBs_firstMB = 0,
	H245_MiscellaneousIndication_type_videoNotDecodedMBs_numberOfMBs = 1,
	H245_MiscellaneousIndication_type_videoNotDecodedMBs_temporalReference = 2,
};

enum {
	H245_MiscellaneousIndication_type_logicalChannelActive = 0,
	H245_MiscellaneousIndication_type_logicalChannelInactive = 1,
	H245_MiscellaneousIndication_type_multipointConference = 2,
	H245_MiscellaneousIndication_type_cancelMultipointConference = 3,
	H245_MiscellaneousIndication_type_multipointZeroComm = 4,
	H245_MiscellaneousIndication_type_cancelMultipointZeroComm = 5,
	H245_MiscellaneousIndication_type_multipointSecondaryStatus = 6,
	H245_MiscellaneousIndication_type_cancelMultipointSecondaryStatus = 7,
	H245_MiscellaneousIndication_type_videoIndicateReadyToActivate = 8,
	H245_MiscellaneousIndication_type_videoTemporalSpatialTradeOff = 9,
	H245_MiscellaneousIndication_type_videoNotDecodedMBs = 10,
	H245_MiscellaneousIndication_type_transportCapability = 11,
};

enum {
	H245_MiscellaneousIndication_logicalChannelNumber = 0,
	H245_MiscellaneousIndication_type = 1,
};

enum {
	H245_JitterIndication_scope_logicalChannelNumber = 0,
	H245_JitterIndication_scope_resourceID = 1,
	H245_JitterIndication_scope_wholeMultiplex = 2,
};

enum {
	H245_JitterIndication_scope = 0,
	H245_JitterIndication_estimatedReceivedJitterMantissa = 1,
	H245_JitterIndication_estimatedReceivedJitterExponent = 2,
	H245_JitterIndication_skippedFrameCount = 3,
	H245_JitterIndication_additionalDecoderBuffer = 4,
};

enum {
	H245_H223SkewIndication_logicalChannelNumber1 = 0,
	H245_H223SkewIndication_logicalChannelNumber2 = 1,
	H245_H223SkewIndication_skew = 2,
};

enum {
	H245_NewATMVCIndication_aal_aal1_clockRecovery_nullClockRecovery = 0,
	H245_NewATMVCIndication_aal_aal1_clockRecovery_srtsClockRecovery = 1,
	H245_NewATMVCIndication_aal_aal1_clockRecovery_adaptiveClockRecovery = 2,
};

enum {
	H245_NewATMVCIndication_aal_aal1_errorCorrection_nullErrorCorrection = 0,
	H245_NewATMVCIndication_aal_aal1_errorCorrection_longInterleaver = 1,
	H245_NewATMVCIndication_aal_aal1_errorCorrection_shortInterleaver = 2,
	H245_NewATMVCIndication_aal_aal1_errorCorrection_errorCorrectionOnly = 3,
};

enum {
	H245_NewATMVCIndication_aal_aal1_clockRecovery = 0,
	H245_NewATMVCIndication_aal_aal1_errorCorrection = 1,
	H245_NewATMVCIndication_aal_aal1_structuredDataTransfer = 2,
	H245_NewATMVCIndication_aal_aal1_partiallyFilledCells = 3,
};

enum {
	H245_NewATMVCIndication_aal_aal5_forwardMaximumSDUSize = 0,
	H245_NewATMVCIndication_aal_aal5_backwardMaximumSDUSize = 1,
};

enum {
	H245_NewATMVCIndication_aal_aal1 = 0,
	H245_NewATMVCIndication_aal_aal5 = 1,
};

enum {
	H245_NewATMVCIndication_multiplex_noMultiplex = 0,
	H245_NewATMVCIndication_multiplex_transportStream = 1,
	H245_NewATMVCIndication_multiplex_programStream = 2,
};

enum {
	H245_NewATMVCIndication_reverseParameters_multiplex_noMultiplex = 0,
	H245_NewATMVCIndication_reverseParameters_multiplex_transportStream = 1,
	H245_NewATMVCIndication_reverseParameters_multiplex_programStream = 2,
};

enum {
	H245_NewATMVCIndication_reverseParameters_bitRate = 0,
	H245_NewATMVCIndication_reverseParameters_bitRateLockedToPCRClock = 1,
	H245_NewATMVCIndication_reverseParameters_bitRateLockedToNetworkClock = 2,
	H245_NewATMVCIndication_reverseParameters_multiplex = 3,
};

enum {
	H245_NewATMVCIndication_resourceID = 0,
	H245_NewATMVCIndication_bitRate = 1,
	H245_NewATMVCIndication_bitRateLockedToPCRClock = 2,
	H245_NewATMVCIndication_bitRateLockedToNetworkClock = 3,
	H245_NewATMVCIndication_aal = 4,
	H245_NewATMVCIndication_multiplex = 5,
	H245_NewATMVCIndication_reverseParameters = 6,
};

enum {
	H245_UserInputIndication_userInputSupportIndication_nonStandard = 0,
	H245_UserInputIndication_userInputSupportIndication_basicString = 1,
	H245_UserInputIndication_userInputSupportIndication_iA5String = 2,
	H245_UserInputIndication_userInputSupportIndication_generalString = 3,
	H245_UserInputIndication_userInputSupportIndication_encryptedBasicString = 4,
	H245_UserInputIndication_userInputSupportIndication_encryptedIA5String = 5,
	H245_UserInputIndication_userInputSupportIndication_encryptedGeneralString = 6,
};

enum {
	H245_UserInputIndication_signal_rtp_timestamp = 0,
	H245_UserInputIndication_signal_rtp_expirationTime = 1,
	H245_UserInputIndication_signal_rtp_logicalChannelNumber = 2,
};

enum {
	H245_Params_iv8 = 0,
	H245_Params_iv16 = 1,
	H245_Params_iv = 2,
};

enum {
	H245_UserInputIndication_signal_signalType = 0,
	H245_UserInputIndication_signal_duration = 1,
	H245_UserInputIndication_signal_rtp = 2,
	H245_UserInputIndication_signal_rtpPayloadIndication = 3,
	H245_UserInputIndication_signal_paramS = 4,
	H245_UserInputIndication_signal_encryptedSignalType = 5,
	H245_UserInputIndication_signal_algorithmOID = 6,
};

enum {
	H245_UserInputIndication_signalUpdate_rtp_logicalChannelNumber = 0,
};

enum {
	H245_UserInputIndication_signalUpdate_duration = 0,
	H245_UserInputIndication_signalUpdate_rtp = 1,
};

enum {
	H245_UserInputIndication_extendedAlphanumeric_encryptedAlphanumeric_algorithmOID = 0,
	H245_UserInputIndication_extendedAlphanumeric_encryptedAlphanumeric_paramS = 1,
	H245_UserInputIndication_extendedAlphanumeric_encryptedAlphanumeric_encrypted = 2,
};

enum {
	H245_UserInputIndication_extendedAlphanumeric_alphanumeric = 0,
	H245_UserInputIndication_extendedAlphanumeric_rtpPayloadIndication = 1,
	H245_UserInputIndication_extendedAlphanumeric_encryptedAlphanumeric = 2,
};

enum {
	H245_UserInputIndication_encryptedAlphanumeric_algorithmOID = 0,
	H245_UserInputIndication_encryptedAlphanumeric_paramS = 1,
	H245_UserInputIndication_encryptedAlphanumeric_encrypted = 2,
};

enum {
	H245_UserInputIndication_nonStandard = 0,
	H245_UserInputIndication_alphanumeric = 1,
	H245_UserInputIndication_userInputSupportIndication = 2,
	H245_UserInputIndication_signal = 3,
	H245_UserInputIndication_signalUpdate = 4,
	H245_UserInputIndication_extendedAlphanumeric = 5,
	H245_UserInputIndication_encryptedAlphanumeric = 6,
	H245_UserInputIndication_genericInformation = 7,
};

enum {
	H245_H2250MaximumSkewIndication_logicalChannelNumber1 = 0,
	H245_H2250MaximumSkewIndication_logicalChannelNumber2 = 1,
	H245_H2250MaximumSkewIndication_maximumSkew = 2,
};

enum {
	H245_MCLocationIndication_signalAddress = 0,
};

enum {
	H245_TerminalYouAreSeeingInSubPictureNumber_terminalNumber = 0,
	H245_TerminalYouAreSeeingInSubPictureNumber_subPictureNumber = 1,
	H245_TerminalYouAreSeeingInSubPictureNumber_mcuNumber = 2,
};

enum {
	H245_VideoIndicateCompose_compositionNumber = 0,
};

enum {
	H245_ConferenceIndication_sbeNumber = 0,
	H245_ConferenceIndication_terminalNumberAssign = 1,
	H245_ConferenceIndication_terminalJoinedConference = 2,
	H245_ConferenceIndication_terminalLeftConference = 3,
	H245_ConferenceIndication_seenByAtLeastOneOther = 4,
	H245_ConferenceIndication_cancelSeenByAtLeastOneOther = 5,
	H245_ConferenceIndication_seenByAll = 6,
	H245_ConferenceIndication_cancelSeenByAll = 7,
	H245_ConferenceIndication_terminalYouAreSeeing = 8,
	H245_ConferenceIndication_requestForFloor = 9,
	H245_ConferenceIndication_withdrawChairToken = 10,
	H245_ConferenceIndication_floorRequested = 11,
	H245_ConferenceIndication_terminalYouAreSeeingInSubPictureNumber = 12,
	H245_ConferenceIndication_videoIndicateCompose = 13,
	H245_ConferenceIndication_masterMCU = 14,
	H245_ConferenceIndication_cancelMasterMCU = 15,
};

enum {
	H245_VendorIdentification_vendor = 0,
	H245_VendorIdentification_productNumber = 1,
	H245_VendorIdentification_versionNumber = 2,
};

enum {
	H245_FunctionNotSupported_cause_syntaxError = 0,
	H245_FunctionNotSupported_cause_semanticError = 1,
	H245_FunctionNotSupported_cause_unknownFunction = 2,
};

enum {
	H245_FunctionNotSupported_cause = 0,
	H245_FunctionNotSupported_returnedFunction = 1,
};

enum {
	H245_MultilinkIndication_excessiveError_connectionIdentifier = 0,
};

enum {
	H245_MultilinkIndication_nonStandard = 0,
	H245_MultilinkIndication_crcDesired = 1,
	H245_MultilinkIndication_excessiveError = 2,
};

enum {
	H245_FlowControlIndication_scope_logicalChannelNumber = 0,
	H245_FlowControlIndication_scope_resourceID = 1,
	H245_FlowControlIndication_scope_wholeMultiplex = 2,
};

enum {
	H245_FlowControlIndication_restriction_maximumBitRate = 0,
	H245_FlowControlIndication_restriction_noRestriction = 1,
};

enum {
	H245_FlowControlIndication_scope = 0,
	H245_FlowControlIndication_restriction = 1,
};

enum {
	H245_MobileMultilinkReconfigurationIndication_sampleSize = 0,
	H245_MobileMultilinkReconfigurationIndication_samplesPerFrame = 1,
};

enum {
	H245_IndicationMessage_nonStandard = 0,
	H245_IndicationMessage_functionNotUnderstood = 1,
	H245_IndicationMessage_masterSlaveDeterminationRelease = 2,
	H245_IndicationMessage_terminalCapabilitySetRelease = 3,
	H245_IndicationMessage_openLogicalChannelConfirm = 4,
	H245_IndicationMessage_requestChannelCloseRelease = 5,
	H245_IndicationMessage_multiplexEntrySendRelease = 6,
	H245_IndicationMessage_requestMultiplexEntryRelease = 7,
	H245_IndicationMessage_requestModeRelease = 8,
	H245_IndicationMessage_miscellaneousIndication = 9,
	H245_IndicationMessage_jitterIndication = 10,
	H245_IndicationMessage_h223SkewIndication = 11,
	H245_IndicationMessage_newATMVCIndication = 12,
	H245_IndicationMessage_userInput = 13,
	H245_IndicationMessage_h2250MaximumSkewIndication = 14,
	H245_IndicationMessage_mcLocationIndication = 15,
	H245_IndicationMessage_conferenceIndication = 16,
	H245_IndicationMessage_vendorIdentification = 17,
	H245_IndicationMessage_functionNotSupported = 18,
	H245_IndicationMessage_multilinkIndication = 19,
	H245_IndicationMessage_logicalChannelRateRelease = 20,
	H245_IndicationMessage_flowControlIndication = 21,
	H245_IndicationMessage_mobileMultilinkReconfigurationIndication = 22,
	H245_IndicationMessage_genericIndication = 23,
};

enum {
	H245_MultimediaSystemControlMessage_request = 0,
	H245_MultimediaSystemControlMessage_response = 1,
	H245_MultimediaSystemControlMessage_command = 2,
	H245_MultimediaSystemControlMessage_indication = 3,
};

enum {
	H235_NonStandardParameter_nonStandardIdentifier = 0,
	H235_NonStandardParameter_data = 1,
};

enum {
	H235_DHset_halfkey = 0,
	H235_DHset_modSize = 1,
	H235_DHset_generator = 2,
};

enum {
	H235_ECpoint_x = 0,
	H235_ECpoint_y = 1,
};

enum {
	H235_ECKASDH_eckasdhp_public_key = 0,
	H235_ECKASDH_eckasdhp_modulus = 1,
	H235_ECKASDH_eckasdhp_base = 2,
	H235_ECKASDH_eckasdhp_weierstrassA = 3,
	H235_ECKASDH_eckasdhp_weierstrassB = 4,
};

enum {
	H235_ECKASDH_eckasdh2_public_key = 0,
	H235_ECKASDH_eckasdh2_fieldSize = 1,
	H235_ECKASDH_eckasdh2_base = 2,
	H235_ECKASDH_eckasdh2_weierstrassA = 3,
	H235_ECKASDH_eckasdh2_weierstrassB = 4,
};

enum {
	H235_ECKASDH_eckasdhp = 0,
	H235_ECKASDH_eckasdh2 = 1,
};

enum {
	H235_ECGDSASignature_r = 0,
	H235_ECGDSASignature_s = 1,
};

enum {
	H235_TypedCertificate_type = 0,
	H235_TypedCertificate_certificate = 1,
};

enum {
	H235_AuthenticationBES_default = 0,
	H235_AuthenticationBES_radius = 1,
};

enum {
	H235_AuthenticationMechanism_dhExch = 0,
	H235_AuthenticationMechanism_pwdSymEnc = 1,
	H235_AuthenticationMechanism_pwdHash = 2,
	H235_AuthenticationMechanism_certSign = 3,
	H235_AuthenticationMechanism_ipsec = 4,
	H235_AuthenticationMechanism_tls = 5,
	H235_AuthenticationMechanism_nonStandard = 6,
	H235_AuthenticationMechanism_authenticationBES = 7,
	H235_AuthenticationMechanism_keyExch = 8,
};

enum {
	H235_Params_ranInt = 0,
	H235_Params_iv8 = 1,
	H235_Params_iv16 = 2,
	H235_Params_iv = 3,
	H235_Params_clearSalt = 4,
};

enum {
	H235_H235Key_sharedSecret_algorithmOID = 0,
	H235_H235Key_sharedSecret_paramS = 1,
	H235_H235Key_sharedSecret_encryptedData = 2,
};

enum {
	H235_KeySignedMaterial_encrptval_algorithmOID = 0,
	H235_KeySignedMaterial_encrptval_paramS = 1,
	H235_KeySignedMaterial_encrptval_encryptedData = 2,
};

enum {
	H235_KeySignedMaterial_generalId = 0,
	H235_KeySignedMaterial_mrandom = 1,
	H235_KeySignedMaterial_srandom = 2,
	H235_KeySignedMaterial_timeStamp = 3,
	H235_KeySignedMaterial_encrptval = 4,
};

enum {
	H235_H235Key_certProtectedKey_toBeSigned = 0,
	H235_H235Key_certProtectedKey_algorithmOID = 1,
	H235_H235Key_certProtectedKey_paramS = 2,
	H235_H235Key_certProtectedKey_signature = 3,
};

enum {
	H235_V3KeySyncMaterial_generalID = 0,
	H235_V3KeySyncMaterial_algorithmOID = 1,
	H235_V3KeySyncMaterial_paramS = 2,
	H235_V3KeySyncMaterial_encryptedSessionKey = 3,
	H235_V3KeySyncMaterial_encryptedSaltingKey = 4,
	H235_V3KeySyncMaterial_clearSaltingKey = 5,
	H235_V3KeySyncMaterial_paramSsalt = 6,
	H235_V3KeySyncMaterial_keyDerivationOID = 7,
	H235_V3KeySyncMaterial_genericKeyMaterial = 8,
};

enum {
	H235_H235Key_secureChannel = 0,
	H235_H235Key_sharedSecret = 1,
	H235_H235Key_certProtectedKey = 2,
	H235_H235Key_secureSharedSecret = 3,
};

enum {
	H235_Element_octets = 0,
	H235_Element_integer = 1,
	H235_Element_bits = 2,
	H235_Element_name = 3,
	H235_Element_flag = 4,
};

enum {
	H235_ProfileElement_elementID = 0,
	H235_ProfileElement_paramS = 1,
	H235_ProfileElement_element = 2,
};

enum {
	H235_ClearToken_tokenOID = 0,
	H235_ClearToken_timeStamp = 1,
	H235_ClearToken_password = 2,
	H235_ClearToken_dhkey = 3,
	H235_ClearToken_challenge = 4,
	H235_ClearToken_random = 5,
	H235_ClearToken_certificate = 6,
	H235_ClearToken_generalID = 7,
	H235_ClearToken_nonStandard = 8,
	H235_ClearToken_eckasdhkey = 9,
	H235_ClearToken_sendersID = 10,
	H235_ClearToken_h235Key = 11,
	H235_ClearToken_profileInfo = 12,
};

enum {
	H235_CryptoToken_cryptoEncryptedToken_token_algorithmOID = 0,
	H235_CryptoToken_cryptoEncryptedToken_token_paramS = 1,
	H235_CryptoToken_cryptoEncryptedToken_token_encryptedData = 2,
};

enum {
	H235_CryptoToken_cryptoEncryptedToken_tokenOID = 0,
	H235_CryptoToken_cryptoEncryptedToken_token = 1,
};

enum {
	H235_CryptoToken_cryptoSignedToken_token_toBeSigned = 0,
	H235_CryptoToken_cryptoSignedToken_token_algorithmOID = 1,
	H235_CryptoToken_cryptoSignedToken_token_paramS = 2,
	H235_CryptoToken_cryptoSignedToken_token_signature = 3,
};

enum {
	H235_CryptoToken_cryptoSignedToken_tokenOID = 0,
	H235_CryptoToken_cryptoSignedToken_token = 1,
};

enum {
	H235_CryptoToken_cryptoHashedToken_token_algorithmOID = 0,
	H235_CryptoToken_cryptoHashedToken_token_paramS = 1,
	H235_CryptoToken_cryptoHashedToken_token_hash = 2,
};

enum {
	H235_CryptoToken_cryptoHashedToken_tokenOID = 0,
	H235_CryptoToken_cryptoHashedToken_hashedVals = 1,
	H235_CryptoToken_cryptoHashedToken_token = 2,
};

enum {
	H235_CryptoToken_cryptoPwdEncr_algorithmOID = 0,
	H235_CryptoToken_cryptoPwdEncr_paramS = 1,
	H235_CryptoToken_cryptoPwdEncr_encryptedData = 2,
};

enum {
	H235_CryptoToken_cryptoEncryptedToken = 0,
	H235_CryptoToken_cryptoSignedToken = 1,
	H235_CryptoToken_cryptoHashedToken = 2,
	H235_CryptoToken_cryptoPwdEncr = 3,
};

enum {
	H235_ReturnSig_generalId = 0,
	H235_ReturnSig_responseRandom = 1,
	H235_ReturnSig_requestRandom = 2,
	H235_ReturnSig_certificate = 3,
};

enum {
	H235_H235CertificateSignature_signature_toBeSigned = 0,
	H235_H235CertificateSignature_signature_algorithmOID = 1,
	H235_H235CertificateSignature_signature_paramS = 2,
	H235_H235CertificateSignature_signature_signature = 3,
};

enum {
	H235_H235CertificateSignature_certificate = 0,
	H235_H235CertificateSignature_responseRandom = 1,
	H235_H235CertificateSignature_requesterRandom = 2,
	H235_H235CertificateSignature_signature = 3,
};

enum {
	H235_KeySyncMaterial_generalID = 0,
	H235_KeySyncMaterial_keyMaterial = 1,
};

enum {
	H225_TransportAddress_ipAddress_ip = 0,
	H225_TransportAddress_ipAddress_port = 1,
};

enum {
	H225_TransportAddress_ipSourceRoute_routing_strict = 0,
	H225_TransportAddress_ipSourceRoute_routing_loose = 1,
};

enum {
	H225_TransportAddress_ipSourceRoute_ip = 0,
	H225_TransportAddress_ipSourceRoute_port = 1,
	H225_TransportAddress_ipSourceRoute_route = 2,
	H225_TransportAddress_ipSourceRoute_routing = 3,
};

enum {
	H225_TransportAddress_ipxAddress_node = 0,
	H225_TransportAddress_ipxAddress_netnum = 1,
	H225_TransportAddress_ipxAddress_port = 2,
};

enum {
	H225_TransportAddress_ip6Address_ip = 0,
	H225_TransportAddress_ip6Address_port = 1,
};

enum {
	H225_H221NonStandard_t35CountryCode = 0,
	H225_H221NonStandard_t35Extension = 1,
	H225_H221NonStandard_manufacturerCode = 2,
};

enum {
	H225_NonStandardIdentifier_object = 0,
	H225_NonStandardIdentifier_h221NonStandard = 1,
};

enum {
	H225_NonStandardParameter_nonStandardIdentifier = 0,
	H225_NonStandardParameter_data = 1,
};

enum {
	H225_TransportAddress_ipAddress = 0,
	H225_TransportAddress_ipSourceRoute = 1,
	H225_TransportAddress_ipxAddress = 2,
	H225_TransportAddress_ip6Address = 3,
	H225_TransportAddress_netBios = 4,
	H225_TransportAddress_nsap = 5,
	H225_TransportAddress_nonStandardAddress = 6,
};

enum {
	H225_PublicTypeOfNumber_unknown = 0,
	H225_PublicTypeOfNumber_internationalNumber = 1,
	H225_PublicTypeOfNumber_nationalNumber = 2,
	H225_PublicTypeOfNumber_networkSpecificNumber = 3,
	H225_PublicTypeOfNumber_subscriberNumber = 4,
	H225_PublicTypeOfNumber_abbreviatedNumber = 5,
};

enum {
	H225_PublicPartyNumber_publicTypeOfNumber = 0,
	H225_PublicPartyNumber_publicNumberDigits = 1,
};

enum {
	H225_PrivateTypeOfNumber_unknown = 0,
	H225_PrivateTypeOfNumber_level2RegionalNumber = 1,
	H225_PrivateTypeOfNumber_level1RegionalNumber = 2,
	H225_PrivateTypeOfNumber_pISNSpecificNumber = 3,
	H225_PrivateTypeOfNumber_localNumber = 4,
	H225_PrivateTypeOfNumber_abbreviatedNumber = 5,
};

enum {
	H225_PrivatePartyNumber_privateTypeOfNumber = 0,
	H225_PrivatePartyNumber_privateNumberDigits = 1,
};

enum {
	H225_PartyNumber_e164Number = 0,
	H225_PartyNumber_dataPartyNumber = 1,
	H225_PartyNumber_telexPartyNumber = 2,
	H225_PartyNumber_privateNumber = 3,
	H225_PartyNumber_nationalStandardPartyNumber = 4,
};

enum {
	H225_ANSI_41_UIM_system_id_sid = 0,
	H225_ANSI_41_UIM_system_id_mid = 1,
};

enum {
	H225_ANSI_41_UIM_imsi = 0,
	H225_ANSI_41_UIM_min = 1,
	H225_ANSI_41_UIM_mdn = 2,
	H225_ANSI_41_UIM_msisdn = 3,
	H225_ANSI_41_UIM_esn = 4,
	H225_ANSI_41_UIM_mscid = 5,
	H225_ANSI_41_UIM_system_id = 6,
	H225_ANSI_41_UIM_systemMyTypeCode = 7,
	H225_ANSI_41_UIM_systemAccessType = 8,
	H225_ANSI_41_UIM_qualificationInformationCode = 9,
	H225_ANSI_41_UIM_sesn = 10,
	H225_ANSI_41_UIM_soc = 11,
};

enum {
	H225_GSM_UIM_imsi = 0,
	H225_GSM_UIM_tmsi = 1,
	H225_GSM_UIM_msisdn = 2,
	H225_GSM_UIM_imei = 3,
	H225_GSM_UIM_hplmn = 4,
	H225_GSM_UIM_vplmn = 5,
};

enum {
	H225_MobileUIM_ansi_41_uim = 0,
	H225_MobileUIM_gsm_uim = 1,
};

enum {
	H225_NatureOfAddress_unknown = 0,
	H225_NatureOfAddress_subscriberNumber = 1,
	H225_NatureOfAddress_nationalNumber = 2,
	H225_NatureOfAddress_internationalNumber = 3,
	H225_NatureOfAddress_networkSpecificNumber = 4,
	H225_NatureOfAddress_routingNumberNationalFormat = 5,
	H225_NatureOfAddress_routingNumberNetworkSpecificFormat = 6,
	H225_NatureOfAddress_routingNumberWithCalledDirectoryNumber = 7,
};

enum {
	H225_IsupPublicPartyNumber_natureOfAddress = 0,
	H225_IsupPublicPartyNumber_address = 1,
};

enum {
	H225_IsupPrivatePartyNumber_privateTypeOfNumber = 0,
	H225_IsupPrivatePartyNumber_address = 1,
};

enum {
	H225_IsupNumber_e164Number = 0,
	H225_IsupNumber_dataPartyNumber = 1,
	H225_IsupNumber_telexPartyNumber = 2,
	H225_IsupNumber_privateNumber = 3,
	H225_IsupNumber_nationalStandardPartyNumber = 4,
};

enum {
	H225_AliasAddress_dialledDigits = 0,
	H225_AliasAddress_h323_ID = 1,
	H225_AliasAddress_url_ID = 2,
	H225_AliasAddress_transportID = 3,
	H225_AliasAddress_email_ID = 4,
	H225_AliasAddress_partyNumber = 5,
	H225_AliasAddress_mobileUIM = 6,
	H225_AliasAddress_isupNumber = 7,
};

enum {
	H225_VendorIdentifier_vendor = 0,
	H225_VendorIdentifier_productId = 1,
	H225_VendorIdentifier_versionId = 2,
	H225_VendorIdentifier_enterpriseNumber = 3,
};

enum {
	H225_GatekeeperInfo_nonStandardData = 0,
};

enum {
	H225_DataRate_nonStandardData = 0,
	H225_DataRate_channelRate = 1,
	H225_DataRate_channelMultiplier = 2,
};

enum {
	H225_SupportedPrefix_nonStandardData = 0,
	H225_SupportedPrefix_prefix = 1,
};

enum {
	H225_H310Caps_nonStandardData = 0,
	H225_H310Caps_dataRatesSupported = 1,
	H225_H310Caps_supportedPrefixes = 2,
};

enum {
	H225_H320Caps_nonStandardData = 0,
	H225_H320Caps_dataRatesSupported = 1,
	H225_H320Caps_supportedPrefixes = 2,
};

enum {
	H225_H321Caps_nonStandardData = 0,
	H225_H321Caps_dataRatesSupported = 1,
	H225_H321Caps_supportedPrefixes = 2,
};

enum {
	H225_H322Caps_nonStandardData = 0,
	H225_H322Caps_dataRatesSupported = 1,
	H225_H322Caps_supportedPrefixes = 2,
};

enum {
	H225_H323Caps_nonStandardData = 0,
	H225_H323Caps_dataRatesSupported = 1,
	H225_H323Caps_supportedPrefixes = 2,
};

enum {
	H225_H324Caps_nonStandardData = 0,
	H225_H324Caps_dataRatesSupported = 1,
	H225_H324Caps_supportedPrefixes = 2,
};

enum {
	H225_VoiceCaps_nonStandardData = 0,
	H225_VoiceCaps_dataRatesSupported = 1,
	H225_VoiceCaps_supportedPrefixes = 2,
};

enum {
	H225_T120OnlyCaps_nonStandardData = 0,
	H225_T120OnlyCaps_dataRatesSupported = 1,
	H225_T120OnlyCaps_supportedPrefixes = 2,
};

enum {
	H225_NonStandardProtocol_nonStandardData = 0,
	H225_NonStandardProtocol_dataRatesSupported = 1,
	H225_NonStandardProtocol_supportedPrefixes = 2,
};

enum {
	H225_T38FaxAnnexbOnlyCaps_nonStandardData = 0,
	H225_T38FaxAnnexbOnlyCaps_dataRatesSupported = 1,
	H225_T38FaxAnnexbOnlyCaps_supportedPrefixes = 2,
	H225_T38FaxAnnexbOnlyCaps_t38FaxProtocol = 3,
	H225_T38FaxAnnexbOnlyCaps_t38FaxProfile = 4,
};

enum {
	H225_SIPCaps_nonStandardData = 0,
	H225_SIPCaps_dataRatesSupported = 1,
	H225_SIPCaps_supportedPrefixes = 2,
};

enum {
	H225_SupportedProtocols_nonStandardData = 0,
	H225_SupportedProtocols_h310 = 1,
	H225_SupportedProtocols_h320 = 2,
	H225_SupportedProtocols_h321 = 3,
	H225_SupportedProtocols_h322 = 4,
	H225_SupportedProtocols_h323 = 5,
	H225_SupportedProtocols_h324 = 6,
	H225_SupportedProtocols_voice = 7,
	H225_SupportedProtocols_t120_only = 8,
	H225_SupportedProtocols_nonStandardProtocol = 9,
	H225_SupportedProtocols_t38FaxAnnexbOnly = 10,
	H225_SupportedProtocols_sip = 11,
};

enum {
	H225_GatewayInfo_protocol = 0,
	H225_GatewayInfo_nonStandardData = 1,
};

enum {
	H225_McuInfo_nonStandardData = 0,
	H225_McuInfo_protocol = 1,
};

enum {
	H225_TerminalInfo_nonStandardData = 0,
};

enum {
	H225_TunnelledProtocolAlternateIdentifier_protocolType = 0,
	H225_TunnelledProtocolAlternateIdentifier_protocolVariant = 1,
};

enum {
	H225_TunnelledProtocol_id_tunnelledProtocolObjectID = 0,
	H225_TunnelledProtocol_id_tunnelledProtocolAlternateID = 1,
};

enum {
	H225_TunnelledProtocol_id = 0,
	H225_TunnelledProtocol_subIdentifier = 1,
};

enum {
	H225_EndpointType_nonStandardData = 0,
	H225_EndpointType_vendor = 1,
	H225_EndpointType_gatekeeper = 2,
	H225_EndpointType_gateway = 3,
	H225_EndpointType_mcu = 4,
	H225_EndpointType_terminal = 5,
	H225_EndpointType_mc = 6,
	H225_EndpointType_undefinedNode = 7,
	H225_EndpointType_set = 8,
	H225_EndpointType_supportedTunnelledProtocols = 9,
};

enum {
	H225_Setup_UUIE_conferenceGoal_create = 0,
	H225_Setup_UUIE_conferenceGoal_join = 1,
	H225_Setup_UUIE_conferenceGoal_invite = 2,
	H225_Setup_UUIE_conferenceGoal_capability_negotiation = 3,
	H225_Setup_UUIE_conferenceGoal_callIndependentSupplementaryService = 4,
};

enum {
	H225_Q954Details_conferenceCalling = 0,
	H225_Q954Details_threePartyService = 1,
};

enum {
	H225_QseriesOptions_q932Full = 0,
	H225_QseriesOptions_q951Full = 1,
	H225_QseriesOptions_q952Full = 2,
	H225_QseriesOptions_q953Full = 3,
	H225_QseriesOptions_q955Full = 4,
	H225_QseriesOptions_q956Full = 5,
	H225_QseriesOptions_q957Full = 6,
	H225_QseriesOptions_q954Info = 7,
};

enum {
	H225_CallType_pointToPoint = 0,
	H225_CallType_oneToN = 1,
	H225_CallType_nToOne = 2,
	H225_CallType_nToN = 3,
};

enum {
	H225_CallIdentifier_guid = 0,
};

enum {
	H225_SecurityServiceMode_nonStandard = 0,
	H225_SecurityServiceMode_none = 1,
	H225_SecurityServiceMode_default = 2,
};

enum {
	H225_SecurityCapabilities_nonStandard = 0,
	H225_SecurityCapabilities_encryption = 1,
	H225_SecurityCapabilities_authenticaton = 2,
	H225_SecurityCapabilities_integrity = 3,
};

enum {
	H225_H245Security_nonStandard = 0,
	H225_H245Security_noSecurity = 1,
	H225_H245Security_tls = 2,
	H225_H245Security_ipsec = 3,
};

enum {
	H225_CryptoH323Token_cryptoEPPwdHash_token_algorithmOID = 0,
	H225_CryptoH323Token_cryptoEPPwdHash_token_paramS = 1,
	H225_CryptoH323Token_cryptoEPPwdHash_token_hash = 2,
};

enum {
	H225_CryptoH323Token_cryptoEPPwdHash_alias = 0,
	H225_CryptoH323Token_cryptoEPPwdHash_timeStamp = 1,
	H225_CryptoH323Token_cryptoEPPwdHash_token = 2,
};

enum {
	H225_CryptoH323Token_cryptoGKPwdHash_token_algorithmOID = 0,
	H225_CryptoH323Token_cryptoGKPwdHash_token_paramS = 1,
	H225_CryptoH323Token_cryptoGKPwdHash_token_hash = 2,
};

enum {
	H225_CryptoH323Token_cryptoGKPwdHash_gatekeeperId = 0,
	H225_CryptoH323Token_cryptoGKPwdHash_timeStamp = 1,
	H225_CryptoH323Token_cryptoGKPwdHash_token = 2,
};

enum {
	H225_CryptoH323Token_cryptoEPPwdEncr_algorithmOID = 0,
	H225_CryptoH323Token_cryptoEPPwdEncr_paramS = 1,
	H225_CryptoH323Token_cryptoEPPwdEncr_encryptedData = 2,
};

enum {
	H225_CryptoH323Token_cryptoGKPwdEncr_algorithmOID = 0,
	H225_CryptoH323Token_cryptoGKPwdEncr_paramS = 1,
	H225_CryptoH323Token_cryptoGKPwdEncr_encryptedData = 2,
};

enum {
	H225_CryptoH323Token_cryptoEPCert_toBeSigned = 0,
	H225_CryptoH323Token_cryptoEPCert_algorithmOID = 1,
	H225_CryptoH323Token_cryptoEPCert_paramS = 2,
	H225_CryptoH323Token_cryptoEPCert_signature = 3,
};

enum {
	H225_CryptoH323Token_cryptoGKCert_toBeSigned = 0,
	H225_CryptoH323Token_cryptoGKCert_algorithmOID = 1,
	H225_CryptoH323Token_cryptoGKCert_paramS = 2,
	H225_CryptoH323Token_cryptoGKCert_signature = 3,
};

enum {
	H225_CryptoH323Token_cryptoFastStart_toBeSigned = 0,
	H225_CryptoH323Token_cryptoFastStart_algorithmOID = 1,
	H225_CryptoH323Token_cryptoFastStart_paramS = 2,
	H225_CryptoH323Token_cryptoFastStart_signature = 3,
};

enum {
	H225_CryptoH323Token_cryptoEPPwdHash = 0,
	H225_CryptoH323Token_cryptoGKPwdHash = 1,
	H225_CryptoH323Token_cryptoEPPwdEncr = 2,
	H225_CryptoH323Token_cryptoGKPwdEncr = 3,
	H225_CryptoH323Token_cryptoEPCert = 4,
	H225_CryptoH323Token_cryptoGKCert = 5,
	H225_CryptoH323Token_cryptoFastStart = 6,
	H225_CryptoH323Token_nestedcryptoToken = 7,
};

enum {
	H225_ScnConnectionType_unknown = 0,
	H225_ScnConnectionType_bChannel = 1,
	H225_ScnConnectionType_hybrid2x64 = 2,
	H225_ScnConnectionType_hybrid384 = 3,
	H225_ScnConnectionType_hybrid1536 = 4,
	H225_ScnConnectionType_hybrid1920 = 5,
	H225_ScnConnectionType_multirate = 6,
};

enum {
	H225_ScnConnectionAggregation_auto = 0,
	H225_ScnConnectionAggregation_none = 1,
	H225_ScnConnectionAggregation_h221 = 2,
	H225_ScnConnectionAggregation_bonded_mode1 = 3,
	H225_ScnConnectionAggregation_bonded_mode2 = 4,
	H225_ScnConnectionAggregation_bonded_mode3 = 5,
};

enum {
	H225_Setup_UUIE_connectionParameters_connectionType = 0,
	H225_Setup_UUIE_connectionParameters_numberOfScnConnections = 1,
	H225_Setup_UUIE_connectionParameters_connectionAggregation = 2,
};

enum {
	H225_PresentationIndicator_presentationAllowed = 0,
	H225_PresentationIndicator_presentationRestricted = 1,
	H225_PresentationIndicator_addressNotAvailable = 2,
};

enum {
	H225_CallCreditServiceControl_billingMode_credit = 0,
	H225_CallCreditServiceControl_billingMode_debit = 1,
};

enum {
	H225_CallCreditServiceControl_callStartingPoint_alerting = 0,
	H225_CallCreditServiceControl_callStartingPoint_connect = 1,
};

enum {
	H225_CallCreditServiceControl_amountString = 0,
	H225_CallCreditServiceControl_billingMode = 1,
	H225_CallCreditServiceControl_callDurationLimit = 2,
	H225_CallCreditServiceControl_enforceCallDurationLimit = 3,
	H225_CallCreditServiceControl_callStartingPoint = 4,
};

enum {
	H225_ServiceControlDescriptor_url = 0,
	H225_ServiceControlDescriptor_signal = 1,
	H225_ServiceControlDescriptor_nonStandard = 2,
	H225_ServiceControlDescriptor_callCreditServiceControl = 3,
};

enum {
	H225_ServiceControlSession_reason_open = 0,
	H225_ServiceControlSession_reason_refresh = 1,
	H225_ServiceControlSession_reason_close = 2,
};

enum {
	H225_ServiceControlSession_sessionId = 0,
	H225_ServiceControlSession_contents = 1,
	H225_ServiceControlSession_reason = 2,
};

enum {
	H225_CarrierInfo_carrierIdentificationCode = 0,
	H225_CarrierInfo_carrierName = 1,
};

enum {
	H225_CallsAvailable_calls = 0,
	H225_CallsAvailable_group = 1,
	H225_CallsAvailable_carrier = 2,
};

enum {
	H225_CallCapacityInfo_voiceGwCallsAvailable = 0,
	H225_CallCapacityInfo_h310GwCallsAvailable = 1,
	H225_CallCapacityInfo_h320GwCallsAvailable = 2,
	H225_CallCapacityInfo_h321GwCallsAvailable = 3,
	H225_CallCapacityInfo_h322GwCallsAvailable = 4,
	H225_CallCapacityInfo_h323GwCallsAvailable = 5,
	H225_CallCapacityInfo_h324GwCallsAvailable = 6,
	H225_CallCapacityInfo_t120OnlyGwCallsAvailable = 7,
	H225_CallCapacityInfo_t38FaxAnnexbOnlyGwCallsAvailable = 8,
	H225_CallCapacityInfo_terminalCallsAvailable = 9,
	H225_CallCapacityInfo_mcuCallsAvailable = 10,
	H225_CallCapacityInfo_sipGwCallsAvailable = 11,
};

enum {
	H225_CallCapacity_maximumCallCapacity = 0,
	H225_CallCapacity_currentCallCapacity = 1,
};

enum {
	H225_CicInfo_cic = 0,
	H225_CicInfo_pointCode = 1,
};

enum {
	H225_GroupID_member = 0,
	H225_GroupID_group = 1,
};

enum {
	H225_CircuitIdentifier_cic = 0,
	H225_CircuitIdentifier_group = 1,
	H225_CircuitIdentifier_carrier = 2,
};

enum {
	H225_GenericIdentifier_standard = 0,
	H225_GenericIdentifier_oid = 1,
	H225_GenericIdentifier_nonStandard = 2,
};

enum {
	H225_Content_raw = 0,
	H225_Content_text = 1,
	H225_Content_unicode = 2,
	H225_Content_bool = 3,
	H225_Content_number8 = 4,
	H225_Content_number16 = 5,
	H225_Content_number32 = 6,
	H225_Content_id = 7,
	H225_Content_alias = 8,
	H225_Content_transport = 9,
	H225_Content_compound = 10,
	H225_Content_nested = 11,
};

enum {
	H225_EnumeratedParameter_id = 0,
	H225_EnumeratedParameter_content = 1,
};

enum {
	H225_GenericData_id = 0,
	H225_GenericData_parameters = 1,
};

enum {
	H225_CircuitInfo_sourceCircuitID = 0,
	H225_CircuitInfo_destinationCircuitID = 1,
	H225_CircuitInfo_genericData = 2,
};

enum {
	H225_ExtendedAliasAddress_address = 0,
	H225_ExtendedAliasAddress_presentationIndicator = 1,
	H225_ExtendedAliasAddress_screeningIndicator = 2,
};

enum {
	H225_DisplayName_language = 0,
	H225_DisplayName_name = 1,
};

enum {
	H225_Setup_UUIE_protocolIdentifier = 0,
	H225_Setup_UUIE_h245Address = 1,
	H225_Setup_UUIE_sourceAddress = 2,
	H225_Setup_UUIE_sourceInfo = 3,
	H225_Setup_UUIE_destinationAddress = 4,
	H225_Setup_UUIE_destCallSignalAddress = 5,
	H225_Setup_UUIE_destExtraCallInfo = 6,
	H225_Setup_UUIE_destExtraCRV = 7,
	H225_Setup_UUIE_activeMC = 8,
	H225_Setup_UUIE_conferenceID = 9,
	H225_Setup_UUIE_conferenceGoal = 10,
	H225_Setup_UUIE_callServices = 11,
	H225_Setup_UUIE_callType = 12,
	H225_Setup_UUIE_sourceCallSignalAddress = 13,
	H225_Setup_UUIE_remoteExtensionAddress = 14,
	H225_Setup_UUIE_callIdentifier = 15,
	H225_Setup_UUIE_h245SecurityCapability = 16,
	H225_Setup_UUIE_tokens = 17,
	H225_Setup_UUIE_cryptoTokens = 18,
	H225_Setup_UUIE_fastStart = 19,
	H225_Setup_UUIE_mediaWaitForConnect = 20,
	H225_Setup_UUIE_canOverlapSend = 21,
	H225_Setup_UUIE_endpointIdentifier = 22,
	H225_Setup_UUIE_multipleCalls = 23,
	H225_Setup_UUIE_maintainConnection = 24,
	H225_Setup_UUIE_connectionParameters = 25,
	H225_Setup_UUIE_language = 26,
	H225_Setup_UUIE_presentationIndicator = 27,
	H225_Setup_UUIE_screeningIndicator = 28,
	H225_Setup_UUIE_serviceControl = 29,
	H225_Setup_UUIE_symmetricOperationRequired = 30,
	H225_Setup_UUIE_capacity = 31,
	H225_Setup_UUIE_circuitInfo = 32,
	H225_Setup_UUIE_desiredProtocols = 33,
	H225_Setup_UUIE_neededFeatures = 34,
	H225_Setup_UUIE_desiredFeatures = 35,
	H225_Setup_UUIE_supportedFeatures = 36,
	H225_Setup_UUIE_parallelH245Control = 37,
	H225_Setup_UUIE_additionalSourceAddresses = 38,
	H225_Setup_UUIE_hopCount = 39,
	H225_Setup_UUIE_displayName = 40,
};

enum {
	H225_FeatureSet_replacementFeatureSet = 0,
	H225_FeatureSet_neededFeatures = 1,
	H225_FeatureSet_desiredFeatures = 2,
	H225_FeatureSet_supportedFeatures = 3,
};

enum {
	H225_CallProceeding_UUIE_protocolIdentifier = 0,
	H225_CallProceeding_UUIE_destinationInfo = 1,
	H225_CallProceeding_UUIE_h245Address = 2,
	H225_CallProceeding_UUIE_callIdentifier = 3,
	H225_CallProceeding_UUIE_h245SecurityMode = 4,
	H225_CallProceeding_UUIE_tokens = 5,
	H225_CallProceeding_UUIE_cryptoTokens = 6,
	H225_CallProceeding_UUIE_fastStart = 7,
	H225_CallProceeding_UUIE_multipleCalls = 8,
	H225_CallProceeding_UUIE_maintainConnection = 9,
	H225_CallProceeding_UUIE_fastConnectRefused = 10,
	H225_CallProceeding_UUIE_featureSet = 11,
};

enum {
	H225_Connect_UUIE_protocolIdentifier = 0,
	H225_Connect_UUIE_h245Address = 1,
	H225_Connect_UUIE_destinationInfo = 2,
	H225_Connect_UUIE_conferenceID = 3,
	H225_Connect_UUIE_callIdentifier = 4,
	H225_Connect_UUIE_h245SecurityMode = 5,
	H225_Connect_UUIE_tokens = 6,
	H225_Connect_UUIE_cryptoTokens = 7,
	H225_Connect_UUIE_fastStart = 8,
	H225_Connect_UUIE_multipleCalls = 9,
	H225_Connect_UUIE_maintainConnection = 10,
	H225_Connect_UUIE_language = 11,
	H225_Connect_UUIE_connectedAddress = 12,
	H225_Connect_UUIE_presentationIndicator = 13,
	H225_Connect_UUIE_screeningIndicator = 14,
	H225_Connect_UUIE_fastConnectRefused = 15,
	H225_Connect_UUIE_serviceControl = 16,
	H225_Connect_UUIE_capacity = 17,
	H225_Connect_UUIE_featureSet = 18,
	H225_Connect_UUIE_displayName = 19,
};

enum {
	H225_Alerting_UUIE_protocolIdentifier = 0,
	H225_Alerting_UUIE_destinationInfo = 1,
	H225_Alerting_UUIE_h245Address = 2,
	H225_Alerting_UUIE_callIdentifier = 3,
	H225_Alerting_UUIE_h245SecurityMode = 4,
	H225_Alerting_UUIE_tokens = 5,
	H225_Alerting_UUIE_cryptoTokens = 6,
	H225_Alerting_UUIE_fastStart = 7,
	H225_Alerting_UUIE_multipleCalls = 8,
	H225_Alerting_UUIE_maintainConnection = 9,
	H225_Alerting_UUIE_alertingAddress = 10,
	H225_Alerting_UUIE_presentationIndicator = 11,
	H225_Alerting_UUIE_screeningIndicator = 12,
	H225_Alerting_UUIE_fastConnectRefused = 13,
	H225_Alerting_UUIE_serviceControl = 14,
	H225_Alerting_UUIE_capacity = 15,
	H225_Alerting_UUIE_featureSet = 16,
	H225_Alerting_UUIE_displayName = 17,
};

enum {
	H225_Information_UUIE_protocolIdentifier = 0,
	H225_Information_UUIE_callIdentifier = 1,
	H225_Information_UUIE_tokens = 2,
	H225_Information_UUIE_cryptoTokens = 3,
	H225_Information_UUIE_fastStart = 4,
	H225_Information_UUIE_fastConnectRefused = 5,
	H225_Information_UUIE_circuitInfo = 6,
};

enum {
	H225_SecurityErrors_securityWrongSyncTime = 0,
	H225_SecurityErrors_securityReplay = 1,
	H225_SecurityErrors_securityWrongGeneralID = 2,
	H225_SecurityErrors_securityWrongSendersID = 3,
	H225_SecurityErrors_securityIntegrityFailed = 4,
	H225_SecurityErrors_securityWrongOID = 5,
	H225_SecurityErrors_securityDHmismatch = 6,
	H225_SecurityErrors_securityCertificateExpired = 7,
	H225_SecurityErrors_securityCertificateDateInvalid = 8,
	H225_SecurityErrors_securityCertificateRevoked = 9,
	H225_SecurityErrors_securityCertificateNotReadable = 10,
	H225_SecurityErrors_securityCertificateSignatureInvalid = 11,
	H225_SecurityErrors_securityCertificateMissing = 12,
	H225_SecurityErrors_securityCertificateIncomplete = 13,
	H225_SecurityErrors_securityUnsupportedCertificateAlgOID = 14,
	H225_SecurityErrors_securityUnknownCA = 15,
};

enum {
	H225_ReleaseCompleteReason_noBandwidth = 0,
	H225_ReleaseCompleteReason_gatekeeperResources = 1,
	H225_ReleaseCompleteReason_unreachableDestination = 2,
	H225_ReleaseCompleteReason_destinationRejection = 3,
	H225_ReleaseCompleteReason_invalidRevision = 4,
	H225_ReleaseCompleteReason_noPermission = 5,
	H225_ReleaseCompleteReason_unreachableGatekeeper = 6,
	H225_ReleaseCompleteReason_gatewayResources = 7,
	H225_ReleaseCompleteReason_badFormatAddress = 8,
	H225_ReleaseCompleteReason_adaptiveBusy = 9,
	H225_ReleaseCompleteReason_inConf = 10,
	H225_ReleaseCompleteReason_undefinedReason = 11,
	H225_ReleaseCompleteReason_facilityCallDeflection = 12,
	H225_ReleaseCompleteReason_securityDenied = 13,
	H225_ReleaseCompleteReason_calledPartyNotRegistered = 14,
	H225_ReleaseCompleteReason_callerNotRegistered = 15,
	H225_ReleaseCompleteReason_newConnectionNeeded = 16,
	H225_ReleaseCompleteReason_nonStandardReason = 17,
	H225_ReleaseCompleteReason_replaceWithConferenceInvite = 18,
	H225_ReleaseCompleteReason_genericDataReason = 19,
	H225_ReleaseCompleteReason_neededFeatureNotSupported = 20,
	H225_ReleaseCompleteReason_tunnelledSignallingRejected = 21,
	H225_ReleaseCompleteReason_invalidCID = 22,
	H225_ReleaseCompleteReason_securityError = 23,
	H225_ReleaseCompleteReason_hopCountExceeded = 24,
};

enum {
	H225_ReleaseComplete_UUIE_protocolIdentifier = 0,
	H225_ReleaseComplete_UUIE_reason = 1,
	H225_ReleaseComplete_UUIE_callIdentifier = 2,
	H225_ReleaseComplete_UUIE_tokens = 3,
	H225_ReleaseComplete_UUIE_cryptoTokens = 4,
	H225_ReleaseComplete_UUIE_busyAddress = 5,
	H225_ReleaseComplete_UUIE_presentationIndicator = 6,
	H225_ReleaseComplete_UUIE_screeningIndicator = 7,
	H225_ReleaseComplete_UUIE_capacity = 8,
	H225_ReleaseComplete_UUIE_serviceControl = 9,
	H225_ReleaseComplete_UUIE_featureSet = 10,
	H225_ReleaseComplete_UUIE_destinationInfo = 11,
	H225_ReleaseComplete_UUIE_displayName = 12,
};

enum {
	H225_FacilityReason_routeCallToGatekeeper = 0,
	H225_FacilityReason_callForwarded = 1,
	H225_FacilityReason_routeCallToMC = 2,
	H225_FacilityReason_undefinedReason = 3,
	H225_FacilityReason_conferenceListChoice = 4,
	H225_FacilityReason_startH245 = 5,
	H225_FacilityReason_noH245 = 6,
	H225_FacilityReason_newTokens = 7,
	H225_FacilityReason_featureSetUpdate = 8,
	H225_FacilityReason_forwardedElements = 9,
	H225_FacilityReason_transportedInformation = 10,
};

enum {
	H225_ConferenceList_conferenceID = 0,
	H225_ConferenceList_conferenceAlias = 1,
	H225_ConferenceList_nonStandardData = 2,
};

enum {
	H225_Facility_UUIE_protocolIdentifier = 0,
	H225_Facility_UUIE_alternativeAddress = 1,
	H225_Facility_UUIE_alternativeAliasAddress = 2,
	H225_Facility_UUIE_conferenceID = 3,
	H225_Facility_UUIE_reason = 4,
	H225_Facility_UUIE_callIdentifier = 5,
	H225_Facility_UUIE_destExtraCallInfo = 6,
	H225_Facility_UUIE_remoteExtensionAddress = 7,
	H225_Facility_UUIE_tokens = 8,
	H225_Facility_UUIE_cryptoTokens = 9,
	H225_Facility_UUIE_conferences = 10,
	H225_Facility_UUIE_h245Address = 11,
	H225_Facility_UUIE_fastStart = 12,
	H225_Facility_UUIE_multipleCalls = 13,
	H225_Facility_UUIE_maintainConnection = 14,
	H225_Facility_UUIE_fastConnectRefused = 15,
	H225_Facility_UUIE_serviceControl = 16,
	H225_Facility_UUIE_circuitInfo = 17,
	H225_Facility_UUIE_featureSet = 18,
	H225_Facility_UUIE_destinationInfo = 19,
	H225_Facility_UUIE_h245SecurityMode = 20,
};

enum {
	H225_Progress_UUIE_protocolIdentifier = 0,
	H225_Progress_UUIE_destinationInfo = 1,
	H225_Progress_UUIE_h245Address = 2,
	H225_Progress_UUIE_callIdentifier = 3,
	H225_Progress_UUIE_h245SecurityMode = 4,
	H225_Progress_UUIE_tokens = 5,
	H225_Progress_UUIE_cryptoTokens = 6,
	H225_Progress_UUIE_fastStart = 7,
	H225_Progress_UUIE_multipleCalls = 8,
	H225_Progress_UUIE_maintainConnection = 9,
	H225_Progress_UUIE_fastConnectRefused = 10,
};

enum {
	H225_Status_UUIE_protocolIdentifier = 0,
	H225_Status_UUIE_callIdentifier = 1,
	H225_Status_UUIE_tokens = 2,
	H225_Status_UUIE_cryptoTokens = 3,
};

enum {
	H225_StatusInquiry_UUIE_protocolIdentifier = 0,
	H225_StatusInquiry_UUIE_callIdentifier = 1,
	H225_StatusInquiry_UUIE_tokens = 2,
	H225_StatusInquiry_UUIE_cryptoTokens = 3,
};

enum {
	H225_SetupAcknowledge_UUIE_protocolIdentifier = 0,
	H225_SetupAcknowledge_UUIE_callIdentifier = 1,
	H225_SetupAcknowledge_UUIE_tokens = 2,
	H225_SetupAcknowledge_UUIE_cryptoTokens = 3,
};

enum {
	H225_Notify_UUIE_protocolIdentifier = 0,
	H225_Notify_UUIE_callIdentifier = 1,
	H225_Notify_UUIE_tokens = 2,
	H225_Notify_UUIE_cryptoTokens = 3,
	H225_Notify_UUIE_connectedAddress = 4,
	H225_Notify_UUIE_presentationIndicator = 5,
	H225_Notify_UUIE_screeningIndicator = 6,
	H225_Notify_UUIE_destinationInfo = 7,
	H225_Notify_UUIE_displayName = 8,
};

enum {
	H225_H323_UU_PDU_h323_message_body_setup = 0,
	H225_H323_UU_PDU_h323_message_body_callProceeding = 1,
	H225_H323_UU_PDU_h323_message_body_connect = 2,
	H225_H323_UU_PDU_h323_message_body_alerting = 3,
	H225_H323_UU_PDU_h323_message_body_information = 4,
	H225_H323_UU_PDU_h323_message_body_releaseComplete = 5,
	H225_H323_UU_PDU_h323_message_body_facility = 6,
	H225_H323_UU_PDU_h323_message_body_progress = 7,
	H225_H323_UU_PDU_h323_message_body_empty = 8,
	H225_H323_UU_PDU_h323_message_body_status = 9,
	H225_H323_UU_PDU_h323_message_body_statusInquiry = 10,
	H225_H323_UU_PDU_h323_message_body_setupAcknowledge = 11,
	H225_H323_UU_PDU_h323_message_body_notify = 12,
};

enum {
	H225_CallLinkage_globalCallId = 0,
	H225_CallLinkage_threadId = 1,
};

enum {
	H225_H323_UU_PDU_tunnelledSignallingMessage_tunnelledProtocolID = 0,
	H225_H323_UU_PDU_tunnelledSignallingMessage_messageContent = 1,
	H225_H323_UU_PDU_tunnelledSignallingMessage_tunnellingRequired = 2,
	H225_H323_UU_PDU_tunnelledSignallingMessage_nonStandardData = 3,
};

enum {
	H225_StimulusControl_nonStandard = 0,
	H225_StimulusControl_isText = 1,
	H225_StimulusControl_h248Message = 2,
};

enum {
	H225_H323_UU_PDU_h323_message_body = 0,
	H225_H323_UU_PDU_nonStandardData = 1,
	H225_H323_UU_PDU_h4501SupplementaryService = 2,
	H225_H323_UU_PDU_h245Tunnelling = 3,
	H225_H323_UU_PDU_h245Control = 4,
	H225_H323_UU_PDU_nonStandardControl = 5,
	H225_H323_UU_PDU_callLinkage = 6,
	H225_H323_UU_PDU_tunnelledSignallingMessage = 7,
	H225_H323_UU_PDU_provisionalRespToH245Tunnelling = 8,
	H225_H323_UU_PDU_stimulusControl = 9,
	H225_H323_UU_PDU_genericData = 10,
};

enum {
	H225_H323_UserInformation_user_data_protocol_discriminator = 0,
	H225_H323_UserInformation_user_data_user_information = 1,
};

enum {
	H225_H323_UserInformation_h323_uu_pdu = 0,
	H225_H323_UserInformation_user_data = 1,
};

enum {
	H225_AddressPattern_range_startOfRange = 0,
	H225_AddressPattern_range_endOfRange = 1,
};

enum {
	H225_AddressPattern_wildcard = 0,
	H225_AddressPattern_range = 1,
};

enum {
	H225_AlternateTransportAddresses_annexE = 0,
	H225_AlternateTransportAddresses_sctp = 1,
};

enum {
	H225_Endpoint_nonStandardData = 0,
	H225_Endpoint_aliasAddress = 1,
	H225_Endpoint_callSignalAddress = 2,
	H225_Endpoint_rasAddress = 3,
	H225_Endpoint_endpointType = 4,
	H225_Endpoint_tokens = 5,
	H225_Endpoint_cryptoTokens = 6,
	H225_Endpoint_priority = 7,
	H225_Endpoint_remoteExtensionAddress = 8,
	H225_Endpoint_destExtraCallInfo = 9,
	H225_Endpoint_alternateTransportAddresses = 10,
	H225_Endpoint_circuitInfo = 11,
	H225_Endpoint_featureSet = 12,
};

enum {
	H225_UseSpecifiedTransport_tcp = 0,
	H225_UseSpecifiedTransport_annexE = 1,
	H225_UseSpecifiedTransport_sctp = 2,
};

enum {
	H225_AlternateGK_rasAddress = 0,
	H225_AlternateGK_gatekeeperIdentifier = 1,
	H225_AlternateGK_needToRegister = 2,
	H225_AlternateGK_priority = 3,
};

enum {
	H225_AltGKInfo_alternateGatekeeper = 0,
	H225_AltGKInfo_altGKisPermanent = 1,
};

enum {
	H225_SecurityErrors2_securityWrongSyncTime = 0,
	H225_SecurityErrors2_securityReplay = 1,
	H225_SecurityErrors2_securityWrongGeneralID = 2,
	H225_SecurityErrors2_securityWrongSendersID = 3,
	H225_SecurityErrors2_securityIntegrityFailed = 4,
	H225_SecurityErrors2_securityWrongOID = 5,
};

enum {
	H225_EncryptIntAlg_nonStandard = 0,
	H225_EncryptIntAlg_isoAlgorithm = 1,
};

enum {
	H225_NonIsoIntegrityMechanism_hMAC_MD5 = 0,
	H225_NonIsoIntegrityMechanism_hMAC_iso10118_2_s = 1,
	H225_NonIsoIntegrityMechanism_hMAC_iso10118_2_l = 2,
	H225_NonIsoIntegrityMechanism_hMAC_iso10118_3 = 3,
};

enum {
	H225_IntegrityMechanism_nonStandard = 0,
	H225_IntegrityMechanism_digSig = 1,
	H225_IntegrityMechanism_iso9797 = 2,
	H225_IntegrityMechanism_nonIsoIM = 3,
};

enum {
	H225_ICV_algorithmOID = 0,
	H225_ICV_icv = 1,
};

enum {
	H225_CapacityReportingCapability_canReportCallCapacity = 0,
};

enum {
	H225_CapacityReportingSpecification_when_callStart = 0,
	H225_CapacityReportingSpecification_when_callEnd = 1,
};

enum {
	H225_CapacityReportingSpecification_when = 0,
};

enum {
	H225_RasUsageInfoTypes_nonStandardUsageTypes = 0,
	H225_RasUsageInfoTypes_startTime = 1,
	H225_RasUsageInfoTypes_endTime = 2,
	H225_RasUsageInfoTypes_terminationCause = 3,
};

enum {
	H225_RasUsageSpecification_when_start = 0,
	H225_RasUsageSpecification_when_end = 1,
	H225_RasUsageSpecification_when_inIrr = 2,
};

enum {
	H225_RasUsageSpecification_callStartingPoint_alerting = 0,
	H225_RasUsageSpecification_callStartingPoint_connect = 1,
};

enum {
	H225_RasUsageSpecification_when = 0,
	H225_RasUsageSpecification_callStartingPoint = 1,
	H225_RasUsageSpecification_required = 2,
};

enum {
	H225_RasUsageInformation_nonStandardUsageFields = 0,
	H225_RasUsageInformation_alertingTime = 1,
	H225_RasUsageInformation_connectTime = 2,
	H225_RasUsageInformation_endTime = 3,
};

enum {
	H225_CallTerminationCause_releaseCompleteReason = 0,
	H225_CallTerminationCause_releaseCompleteCauseIE = 1,
};

enum {
	H225_TransportChannelInfo_sendAddress = 0,
	H225_TransportChannelInfo_recvAddress = 1,
};

enum {
	H225_BandwidthDetails_sender = 0,
	H225_BandwidthDetails_multicast = 1,
	H225_BandwidthDetails_bandwidth = 2,
	H225_BandwidthDetails_rtcpAddresses = 3,
};

enum {
	H225_CallCreditCapability_canDisplayAmountString = 0,
	H225_CallCreditCapability_canEnforceDurationLimit = 1,
};

enum {
	H225_RTPSession_rtpAddress = 0,
	H225_RTPSession_rtcpAddress = 1,
	H225_RTPSession_cname = 2,
	H225_RTPSession_ssrc = 3,
	H225_RTPSession_sessionId = 4,
	H225_RTPSession_associatedSessionIds = 5,
	H225_RTPSession_multicast = 6,
	H225_RTPSession_bandwidth = 7,
};

enum {
	H225_RehomingModel_gatekeeperBased = 0,
	H225_RehomingModel_endpointBased = 1,
};

enum {
	H225_GatekeeperRequest_requestSeqNum = 0,
	H225_GatekeeperRequest_protocolIdentifier = 1,
	H225_GatekeeperRequest_nonStandardData = 2,
	H225_GatekeeperRequest_rasAddress = 3,
	H225_GatekeeperRequest_endpointType = 4,
	H225_GatekeeperRequest_gatekeeperIdentifier = 5,
	H225_GatekeeperRequest_callServices = 6,
	H225_GatekeeperRequest_endpointAlias = 7,
	H225_GatekeeperRequest_alternateEndpoints = 8,
	H225_GatekeeperRequest_tokens = 9,
	H225_GatekeeperRequest_cryptoTokens = 10,
	H225_GatekeeperRequest_authenticationCapability = 11,
	H225_GatekeeperRequest_algorithmOIDs = 12,
	H225_GatekeeperRequest_integrity = 13,
	H225_GatekeeperRequest_integrityCheckValue = 14,
	H225_GatekeeperRequest_supportsAltGK = 15,
	H225_GatekeeperRequest_featureSet = 16,
	H225_GatekeeperRequest_genericData = 17,
	H225_GatekeeperRequest_supportsAssignedGK = 18,
	H225_GatekeeperRequest_assignedGatekeeper = 19,
};

enum {
	H225_GatekeeperConfirm_requestSeqNum = 0,
	H225_GatekeeperConfirm_protocolIdentifier = 1,
	H225_GatekeeperConfirm_nonStandardData = 2,
	H225_GatekeeperConfirm_gatekeeperIdentifier = 3,
	H225_GatekeeperConfirm_rasAddress = 4,
	H225_GatekeeperConfirm_alternateGatekeeper = 5,
	H225_GatekeeperConfirm_authenticationMode = 6,
	H225_GatekeeperConfirm_tokens = 7,
	H225_GatekeeperConfirm_cryptoTokens = 8,
	H225_GatekeeperConfirm_algorithmOID = 9,
	H225_GatekeeperConfirm_integrity = 10,
	H225_GatekeeperConfirm_integrityCheckValue = 11,
	H225_GatekeeperConfirm_featureSet = 12,
	H225_GatekeeperConfirm_genericData = 13,
	H225_GatekeeperConfirm_assignedGatekeeper = 14,
	H225_GatekeeperConfirm_rehomingModel = 15,
};

enum {
	H225_GatekeeperRejectReason_resourceUnavailable = 0,
	H225_GatekeeperRejectReason_terminalExcluded = 1,
	H225_GatekeeperRejectReason_invalidRevision = 2,
	H225_GatekeeperRejectReason_undefinedReason = 3,
	H225_GatekeeperRejectReason_securityDenial = 4,
	H225_GatekeeperRejectReason_genericDataReason = 5,
	H225_GatekeeperRejectReason_neededFeatureNotSupported = 6,
	H225_GatekeeperRejectReason_securityError = 7,
};

enum {
	H225_GatekeeperReject_requestSeqNum = 0,
	H225_GatekeeperReject_protocolIdentifier = 1,
	H225_GatekeeperReject_nonStandardData = 2,
	H225_GatekeeperReject_gatekeeperIdentifier = 3,
	H225_GatekeeperReject_rejectReason = 4,
	H225_GatekeeperReject_altGKInfo = 5,
	H225_GatekeeperReject_tokens = 6,
	H225_GatekeeperReject_cryptoTokens = 7,
	H225_GatekeeperReject_integrityCheckValue = 8,
	H225_GatekeeperReject_featureSet = 9,
	H225_GatekeeperReject_genericData = 10,
};

enum {
	H225_TransportQOS_endpointControlled = 0,
	H225_TransportQOS_gatekeeperControlled = 1,
	H225_TransportQOS_noControl = 2,
	H225_TransportQOS_qOSCapabilities = 3,
};

enum {
	H225_RegistrationRequest_requestSeqNum = 0,
	H225_RegistrationRequest_protocolIdentifier = 1,
	H225_RegistrationRequest_nonStandardData = 2,
	H225_RegistrationRequest_discoveryComplete = 3,
	H225_RegistrationRequest_callSignalAddress = 4,
	H225_RegistrationRequest_rasAddress = 5,
	H225_RegistrationRequest_terminalType = 6,
	H225_RegistrationRequest_terminalAlias = 7,
	H225_RegistrationRequest_gatekeeperIdentifier = 8,
	H225_RegistrationRequest_endpointVendor = 9,
	H225_RegistrationRequest_alternateEndpoints = 10,
	H225_RegistrationRequest_timeToLive = 11,
	H225_RegistrationRequest_tokens = 12,
	H225_RegistrationRequest_cryptoTokens = 13,
	H225_RegistrationRequest_integrityCheckValue = 14,
	H225_RegistrationRequest_keepAlive = 15,
	H225_RegistrationRequest_endpointIdentifier = 16,
	H225_RegistrationRequest_willSupplyUUIEs = 17,
	H225_RegistrationRequest_maintainConnection = 18,
	H225_RegistrationRequest_alternateTransportAddresses = 19,
	H225_RegistrationRequest_additiveRegistration = 20,
	H225_RegistrationRequest_terminalAliasPattern = 21,
	H225_RegistrationRequest_supportsAltGK = 22,
	H225_RegistrationRequest_usageReportingCapability = 23,
	H225_RegistrationRequest_multipleCalls = 24,
	H225_RegistrationRequest_supportedH248Packages = 25,
	H225_RegistrationRequest_callCreditCapability = 26,
	H225_RegistrationRequest_capacityReportingCapability = 27,
	H225_RegistrationRequest_capacity = 28,
	H225_RegistrationRequest_featureSet = 29,
	H225_RegistrationRequest_genericData = 30,
	H225_RegistrationRequest_restart = 31,
	H225_RegistrationRequest_supportsACFSequences = 32,
	H225_RegistrationRequest_supportsAssignedGK = 33,
	H225_RegistrationRequest_assignedGatekeeper = 34,
	H225_RegistrationRequest_transportQOS = 35,
	H225_RegistrationRequest_language = 36,
};

enum {
	H225_RegistrationConfirm_preGrantedARQ_makeCall = 0,
	H225_RegistrationConfirm_preGrantedARQ_useGKCallSignalAddressToMakeCall = 1,
	H225_RegistrationConfirm_preGrantedARQ_answerCall = 2,
	H225_RegistrationConfirm_preGrantedARQ_useGKCallSignalAddressToAnswer = 3,
	H225_RegistrationConfirm_preGrantedARQ_irrFrequencyInCall = 4,
	H225_RegistrationConfirm_preGrantedARQ_totalBandwidthRestriction = 5,
	H225_RegistrationConfirm_preGrantedARQ_alternateTransportAddresses = 6,
	H225_RegistrationConfirm_preGrantedARQ_useSpecifiedTransport = 7,
};

enum {
	H225_RegistrationConfirm_requestSeqNum = 0,
	H225_RegistrationConfirm_protocolIdentifier = 1,
	H225_RegistrationConfirm_nonStandardData = 2,
	H225_RegistrationConfirm_callSignalAddress = 3,
	H225_RegistrationConfirm_terminalAlias = 4,
	H225_RegistrationConfirm_gatekeeperIdentifier = 5,
	H225_RegistrationConfirm_endpointIdentifier = 6,
	H225_RegistrationConfirm_alternateGatekeeper = 7,
	H225_RegistrationConfirm_timeToLive = 8,
	H225_RegistrationConfirm_tokens = 9,
	H225_RegistrationConfirm_cryptoTokens = 10,
	H225_RegistrationConfirm_integrityCheckValue = 11,
	H225_RegistrationConfirm_willRespondToIRR = 12,
	H225_RegistrationConfirm_preGrantedARQ = 13,
	H225_RegistrationConfirm_maintainConnection = 14,
	H225_RegistrationConfirm_serviceControl = 15,
	H225_RegistrationConfirm_supportsAdditiveRegistration = 16,
	H225_RegistrationConfirm_terminalAliasPattern = 17,
	H225_RegistrationConfirm_supportedPrefixes = 18,
	H225_RegistrationConfirm_usageSpec = 19,
	H225_RegistrationConfirm_featureServerAlias = 20,
	H225_RegistrationConfirm_capacityReportingSpec = 21,
	H225_RegistrationConfirm_featureSet = 22,
	H225_RegistrationConfirm_genericData = 23,
	H225_RegistrationConfirm_assignedGatekeeper = 24,
	H225_RegistrationConfirm_rehomingModel = 25,
	H225_RegistrationConfirm_transportQOS = 26,
};

enum {
	H225_RegistrationRejectReason_invalidTerminalAliases_terminalAlias = 0,
	H225_RegistrationRejectReason_invalidTerminalAliases_terminalAliasPattern = 1,
	H225_RegistrationRejectReason_invalidTerminalAliases_supportedPrefixes = 2,
};

enum {
	H225_RegistrationRejectReason_discoveryRequired = 0,
	H225_RegistrationRejectReason_invalidRevision = 1,
	H225_RegistrationRejectReason_invalidCallSignalAddress = 2,
	H225_RegistrationRejectReason_invalidRASAddress = 3,
	H225_RegistrationRejectReason_duplicateAlias = 4,
	H225_RegistrationRejectReason_invalidTerminalType = 5,
	H225_RegistrationRejectReason_undefinedReason = 6,
	H225_RegistrationRejectReason_transportNotSupported = 7,
	H225_RegistrationRejectReason_transportQOSNotSupported = 8,
	H225_RegistrationRejectReason_resourceUnavailable = 9,
	H225_RegistrationRejectReason_invalidAlias = 10,
	H225_RegistrationRejectReason_securityDenial = 11,
	H225_RegistrationRejectReason_fullRegistrationRequired = 12,
	H225_RegistrationRejectReason_additiveRegistrationNotSupported = 13,
	H225_RegistrationRejectReason_invalidTerminalAliases = 14,
	H225_RegistrationRejectReason_genericDataReason = 15,
	H225_RegistrationRejectReason_neededFeatureNotSupported = 16,
	H225_RegistrationRejectReason_securityError = 17,
	H225_RegistrationRejectReason_registerWithAssignedGK = 18,
};

enum {
	H225_RegistrationReject_requestSeqNum = 0,
	H225_RegistrationReject_protocolIdentifier = 1,
	H225_RegistrationReject_nonStandardData = 2,
	H225_RegistrationReject_rejectReason = 3,
	H225_RegistrationReject_gatekeeperIdentifier = 4,
	H225_RegistrationReject_altGKInfo = 5,
	H225_RegistrationReject_tokens = 6,
	H225_RegistrationReject_cryptoTokens = 7,
	H225_RegistrationReject_integrityCheckValue = 8,
	H225_RegistrationReject_featureSet = 9,
	H225_RegistrationReject_genericData = 10,
	H225_RegistrationReject_assignedGatekeeper = 11,
};

enum {
	H225_UnregRequestReason_reregistrationRequired = 0,
	H225_UnregRequestReason_ttlExpired = 1,
	H225_UnregRequestReason_securityDenial = 2,
	H225_UnregRequestReason_undefinedReason = 3,
	H225_UnregRequestReason_maintenance = 4,
	H225_UnregRequestReason_securityError = 5,
	H225_UnregRequestReason_registerWithAssignedGK = 6,
};

enum {
	H225_UnregistrationRequest_requestSeqNum = 0,
	H225_UnregistrationRequest_callSignalAddress = 1,
	H225_UnregistrationRequest_endpointAlias = 2,
	H225_UnregistrationRequest_nonStandardData = 3,
	H225_UnregistrationRequest_endpointIdentifier = 4,
	H225_UnregistrationRequest_alternateEndpoints = 5,
	H225_UnregistrationRequest_gatekeeperIdentifier = 6,
	H225_UnregistrationRequest_tokens = 7,
	H225_UnregistrationRequest_cryptoTokens = 8,
	H225_UnregistrationRequest_integrityCheckValue = 9,
	H225_UnregistrationRequest_reason = 10,
	H225_UnregistrationRequest_endpointAliasPattern = 11,
	H225_UnregistrationRequest_supportedPrefixes = 12,
	H225_UnregistrationRequest_alternateGatekeeper = 13,
	H225_UnregistrationRequest_genericData = 14,
	H225_UnregistrationRequest_assignedGatekeeper = 15,
};

enum {
	H225_UnregistrationConfirm_requestSeqNum = 0,
	H225_UnregistrationConfirm_nonStandardData = 1,
	H225_UnregistrationConfirm_tokens = 2,
	H225_UnregistrationConfirm_cryptoTokens = 3,
	H225_UnregistrationConfirm_integrityCheckValue = 4,
	H225_UnregistrationConfirm_genericData = 5,
	H225_UnregistrationConfirm_assignedGatekeeper = 6,
};

enum {
	H225_UnregRejectReason_notCurrentlyRegistered = 0,
	H225_UnregRejectReason_callInProgress = 1,
	H225_UnregRejectReason_undefinedReason = 2,
	H225_UnregRejectReason_permissionDenied = 3,
	H225_UnregRejectReason_securityDenial = 4,
	H225_UnregRejectReason_securityError = 5,
};

enum {
	H225_UnregistrationReject_requestSeqNum = 0,
	H225_UnregistrationReject_rejectReason = 1,
	H225_UnregistrationReject_nonStandardData = 2,
	H225_UnregistrationReject_altGKInfo = 3,
	H225_UnregistrationReject_tokens = 4,
	H225_UnregistrationReject_cryptoTokens = 5,
	H225_UnregistrationReject_integrityCheckValue = 6,
	H225_UnregistrationReject_genericData = 7,
};

enum {
	H225_CallModel_direct = 0,
	H225_CallModel_gatekeeperRouted = 1,
};

enum {
	H225_AdmissionRequest_requestSeqNum = 0,
	H225_AdmissionRequest_callType = 1,
	H225_AdmissionRequest_callModel = 2,
	H225_AdmissionRequest_endpointIdentifier = 3,
	H225_AdmissionRequest_destinationInfo = 4,
	H225_AdmissionRequest_destCallSignalAddress = 5,
	H225_AdmissionRequest_destExtraCallInfo = 6,
	H225_AdmissionRequest_srcInfo = 7,
	H225_AdmissionRequest_srcCallSignalAddress = 8,
	H225_AdmissionRequest_bandWidth = 9,
	H225_AdmissionRequest_callReferenceValue = 10,
	H225_AdmissionRequest_nonStandardData = 11,
	H225_AdmissionRequest_callServices = 12,
	H225_AdmissionRequest_conferenceID = 13,
	H225_AdmissionRequest_activeMC = 14,
	H225_AdmissionRequest_answerCall = 15,
	H225_AdmissionRequest_canMapAlias = 16,
	H225_AdmissionRequest_callIdentifier = 17,
	H225_AdmissionRequest_srcAlternatives = 18,
	H225_AdmissionRequest_destAlternatives = 19,
	H225_AdmissionRequest_gatekeeperIdentifier = 20,
	H225_AdmissionRequest_tokens = 21,
	H225_AdmissionRequest_cryptoTokens = 22,
	H225_AdmissionRequest_integrityCheckValue = 23,
	H225_AdmissionRequest_transportQOS = 24,
	H225_AdmissionRequest_willSupplyUUIEs = 25,
	H225_AdmissionRequest_callLinkage = 26,
	H225_AdmissionRequest_gatewayDataRate = 27,
	H225_AdmissionRequest_capacity = 28,
	H225_AdmissionRequest_circuitInfo = 29,
	H225_AdmissionRequest_desiredProtocols = 30,
	H225_AdmissionRequest_desiredTunnelledProtocol = 31,
	H225_AdmissionRequest_featureSet = 32,
	H225_AdmissionRequest_genericData = 33,
	H225_AdmissionRequest_canMapSrcAlias = 34,
};

enum {
	H225_UUIEsRequested_setup = 0,
	H225_UUIEsRequested_callProceeding = 1,
	H225_UUIEsRequested_connect = 2,
	H225_UUIEsRequested_alerting = 3,
	H225_UUIEsRequested_information = 4,
	H225_UUIEsRequested_releaseComplete = 5,
	H225_UUIEsRequested_facility = 6,
	H225_UUIEsRequested_progress = 7,
	H225_UUIEsRequested_empty = 8,
	H225_UUIEsRequested_status = 9,
	H225_UUIEsRequested_statusInquiry = 10,
	H225_UUIEsRequested_setupAcknowledge = 11,
	H225_UUIEsRequested_notify = 12,
};

enum {
	H225_AdmissionConfirm_requestSeqNum = 0,
	H225_AdmissionConfirm_bandWidth = 1,
	H225_AdmissionConfirm_callModel = 2,
	H225_AdmissionConfirm_destCallSignalAddress = 3,
	H225_AdmissionConfirm_irrFrequency = 4,
	H225_AdmissionConfirm_nonStandardData = 5,
	H225_AdmissionConfirm_destinationInfo = 6,
	H225_AdmissionConfirm_destExtraCallInfo = 7,
	H225_AdmissionConfirm_destinationType = 8,
	H225_AdmissionConfirm_remoteExtensionAddress = 9,
	H225_AdmissionConfirm_alternateEndpoints = 10,
	H225_AdmissionConfirm_tokens = 11,
	H225_AdmissionConfirm_cryptoTokens = 12,
	H225_AdmissionConfirm_integrityCheckValue = 13,
	H225_AdmissionConfirm_transportQOS = 14,
	H225_AdmissionConfirm_willRespondToIRR = 15,
	H225_AdmissionConfirm_uuiesRequested = 16,
	H225_AdmissionConfirm_language = 17,
	H225_AdmissionConfirm_alternateTransportAddresses = 18,
	H225_AdmissionConfirm_useSpecifiedTransport = 19,
	H225_AdmissionConfirm_circuitInfo = 20,
	H225_AdmissionConfirm_usageSpec = 21,
	H225_AdmissionConfirm_supportedProtocols = 22,
	H225_AdmissionConfirm_serviceControl = 23,
	H225_AdmissionConfirm_multipleCalls = 24,
	H225_AdmissionConfirm_featureSet = 25,
	H225_AdmissionConfirm_genericData = 26,
	H225_AdmissionConfirm_modifiedSrcInfo = 27,
	H225_AdmissionConfirm_assignedGatekeeper = 28,
};

enum {
	H225_AdmissionRejectReason_calledPartyNotRegistered = 0,
	H225_AdmissionRejectReason_invalidPermission = 1,
	H225_AdmissionRejectReason_requestDenied = 2,
	H225_AdmissionRejectReason_undefinedReason = 3,
	H225_AdmissionRejectReason_callerNotRegistered = 4,
	H225_AdmissionRejectReason_routeCallToGatekeeper = 5,
	H225_AdmissionRejectReason_invalidEndpointIdentifier = 6,
	H225_AdmissionRejectReason_resourceUnavailable = 7,
	H225_AdmissionRejectReason_securityDenial = 8,
	H225_AdmissionRejectReason_qosControlNotSupported = 9,
	H225_AdmissionRejectReason_incompleteAddress = 10,
	H225_AdmissionRejectReason_aliasesInconsistent = 11,
	H225_AdmissionRejectReason_routeCallToSCN = 12,
	H225_AdmissionRejectReason_exceedsCallCapacity = 13,
	H225_AdmissionRejectReason_collectDestination = 14,
	H225_AdmissionRejectReason_collectPIN = 15,
	H225_AdmissionRejectReason_genericDataReason = 16,
	H225_AdmissionRejectReason_neededFeatureNotSupported = 17,
	H225_AdmissionRejectReason_securityError = 18,
	H225_AdmissionRejectReason_securityDHmismatch = 19,
	H225_AdmissionRejectReason_noRouteToDestination = 20,
	H225_AdmissionRejectReason_unallocatedNumber = 21,
	H225_AdmissionRejectReason_registerWithAssignedGK = 22,
};

enum {
	H225_AdmissionReject_requestSeqNum = 0,
	H225_AdmissionReject_rejectReason = 1,
	H225_AdmissionReject_nonStandardData = 2,
	H225_AdmissionReject_altGKInfo = 3,
	H225_AdmissionReject_tokens = 4,
	H225_AdmissionReject_cryptoTokens = 5,
	H225_AdmissionReject_callSignalAddress = 6,
	H225_AdmissionReject_integrityCheckValue = 7,
	H225_AdmissionReject_serviceControl = 8,
	H225_AdmissionReject_featureSet = 9,
	H225_AdmissionReject_genericData = 10,
	H225_AdmissionReject_assignedGatekeeper = 11,
};

enum {
	H225_BandwidthRequest_requestSeqNum = 0,
	H225_BandwidthRequest_endpointIdentifier = 1,
	H225_BandwidthRequest_conferenceID = 2,
	H225_BandwidthRequest_callReferenceValue = 3,
	H225_BandwidthRequest_callType = 4,
	H225_BandwidthRequest_bandWidth = 5,
	H225_BandwidthRequest_nonStandardData = 6,
	H225_BandwidthRequest_callIdentifier = 7,
	H225_BandwidthRequest_gatekeeperIdentifier = 8,
	H225_BandwidthRequest_tokens = 9,
	H225_BandwidthRequest_cryptoTokens = 10,
	H225_BandwidthRequest_integrityCheckValue = 11,
	H225_BandwidthRequest_answeredCall = 12,
	H225_BandwidthRequest_callLinkage = 13,
	H225_BandwidthRequest_capacity = 14,
	H225_BandwidthRequest_usageInformation = 15,
	H225_BandwidthRequest_bandwidthDetails = 16,
	H225_BandwidthRequest_genericData = 17,
	H225_BandwidthRequest_transportQOS = 18,
};

enum {
	H225_BandwidthConfirm_requestSeqNum = 0,
	H225_BandwidthConfirm_bandWidth = 1,
	H225_BandwidthConfirm_nonStandardData = 2,
	H225_BandwidthConfirm_tokens = 3,
	H225_BandwidthConfirm_cryptoTokens = 4,
	H225_BandwidthConfirm_integrityCheckValue = 5,
	H225_BandwidthConfirm_capacity = 6,
	H225_BandwidthConfirm_genericData = 7,
	H225_BandwidthConfirm_transportQOS = 8,
};

enum {
	H225_BandRejectReason_notBound = 0,
	H225_BandRejectReason_invalidConferenceID = 1,
	H225_BandRejectReason_invalidPermission = 2,
	H225_BandRejectReason_insufficientResources = 3,
	H225_BandRejectReason_invalidRevision = 4,
	H225_BandRejectReason_undefinedReason = 5,
	H225_BandRejectReason_securityDenial = 6,
	H225_BandRejectReason_securityError = 7,
};

enum {
	H225_BandwidthReject_requestSeqNum = 0,
	H225_BandwidthReject_rejectReason = 1,
	H225_BandwidthReject_allowedBandWidth = 2,
	H225_BandwidthReject_nonStandardData = 3,
	H225_BandwidthReject_altGKInfo = 4,
	H225_BandwidthReject_tokens = 5,
	H225_BandwidthReject_cryptoTokens = 6,
	H225_BandwidthReject_integrityCheckValue = 7,
	H225_BandwidthReject_genericData = 8,
};

enum {
	H225_DisengageReason_forcedDrop = 0,
	H225_DisengageReason_normalDrop = 1,
	H225_DisengageReason_undefinedReason = 2,
};

enum {
	H225_DisengageRequest_requestSeqNum = 0,
	H225_DisengageRequest_endpointIdentifier = 1,
	H225_DisengageRequest_conferenceID = 2,
	H225_DisengageRequest_callReferenceValue = 3,
	H225_DisengageRequest_disengageReason = 4,
	H225_DisengageRequest_nonStandardData = 5,
	H225_DisengageRequest_callIdentifier = 6,
	H225_DisengageRequest_gatekeeperIdentifier = 7,
	H225_DisengageRequest_tokens = 8,
	H225_DisengageRequest_cryptoTokens = 9,
	H225_DisengageRequest_integrityCheckValue = 10,
	H225_DisengageRequest_answeredCall = 11,
	H225_DisengageRequest_callLinkage = 12,
	H225_DisengageRequest_capacity = 13,
	H225_DisengageRequest_circuitInfo = 14,
	H225_DisengageRequest_usageInformation = 15,
	H225_DisengageRequest_terminationCause = 16,
	H225_DisengageRequest_serviceControl = 17,
	H225_DisengageRequest_genericData = 18,
};

enum {
	H225_DisengageConfirm_requestSeqNum = 0,
	H225_DisengageConfirm_nonStandardData = 1,
	H225_DisengageConfirm_tokens = 2,
	H225_DisengageConfirm_cryptoTokens = 3,
	H225_DisengageConfirm_integrityCheckValue = 4,
	H225_DisengageConfirm_capacity = 5,
	H225_DisengageConfirm_circuitInfo = 6,
	H225_DisengageConfirm_usageInformation = 7,
	H225_DisengageConfirm_genericData = 8,
	H225_DisengageConfirm_assignedGatekeeper = 9,
};

enum {
	H225_DisengageRejectReason_notRegistered = 0,
	H225_DisengageRejectReason_requestToDropOther = 1,
	H225_DisengageRejectReason_securityDenial = 2,
	H225_DisengageRejectReason_securityError = 3,
};

enum {
	H225_DisengageReject_requestSeqNum = 0,
	H225_DisengageReject_rejectReason = 1,
	H225_DisengageReject_nonStandardData = 2,
	H225_DisengageReject_altGKInfo = 3,
	H225_DisengageReject_tokens = 4,
	H225_DisengageReject_cryptoTokens = 5,
	H225_DisengageReject_integrityCheckValue = 6,
	H225_DisengageReject_genericData = 7,
};

enum {
	H225_LocationRequest_requestSeqNum = 0,
	H225_LocationRequest_endpointIdentifier = 1,
	H225_LocationRequest_destinationInfo = 2,
	H225_LocationRequest_nonStandardData = 3,
	H225_LocationRequest_replyAddress = 4,
	H225_LocationRequest_sourceInfo = 5,
	H225_LocationRequest_canMapAlias = 6,
	H225_LocationRequest_gatekeeperIdentifier = 7,
	H225_LocationRequest_tokens = 8,
	H225_LocationRequest_cryptoTokens = 9,
	H225_LocationRequest_integrityCheckValue = 10,
	H225_LocationRequest_desiredProtocols = 11,
	H225_LocationRequest_desiredTunnelledProtocol = 12,
	H225_LocationRequest_featureSet = 13,
	H225_LocationRequest_genericData = 14,
	H225_LocationRequest_hopCount = 15,
	H225_LocationRequest_circuitInfo = 16,
	H225_LocationRequest_callIdentifier = 17,
	H225_LocationRequest_bandWidth = 18,
	H225_LocationRequest_sourceEndpointInfo = 19,
	H225_LocationRequest_canMapSrcAlias = 20,
	H225_LocationRequest_language = 21,
};

enum {
	H225_LocationConfirm_requestSeqNum = 0,
	H225_LocationConfirm_callSignalAddress = 1,
	H225_LocationConfirm_rasAddress = 2,
	H225_LocationConfirm_nonStandardData = 3,
	H225_LocationConfirm_destinationInfo = 4,
	H225_LocationConfirm_destExtraCallInfo = 5,
	H225_LocationConfirm_destinationType = 6,
	H225_LocationConfirm_remoteExtensionAddress = 7,
	H225_LocationConfirm_alternateEndpoints = 8,
	H225_LocationConfirm_tokens = 9,
	H225_LocationConfirm_cryptoTokens = 10,
	H225_LocationConfirm_integrityCheckValue = 11,
	H225_LocationConfirm_alternateTransportAddresses = 12,
	H225_LocationConfirm_supportedProtocols = 13,
	H225_LocationConfirm_multipleCalls = 14,
	H225_LocationConfirm_featureSet = 15,
	H225_LocationConfirm_genericData = 16,
	H225_LocationConfirm_circuitInfo = 17,
	H225_LocationConfirm_serviceControl = 18,
	H225_LocationConfirm_modifiedSrcInfo = 19,
	H225_LocationConfirm_bandWidth = 20,
};

enum {
	H225_LocationRejectReason_notRegistered = 0,
	H225_LocationRejectReason_invalidPermission = 1,
	H225_LocationRejectReason_requestDenied = 2,
	H225_LocationRejectReason_undefinedReason = 3,
	H225_LocationRejectReason_securityDenial = 4,
	H225_LocationRejectReason_aliasesInconsistent = 5,
	H225_LocationRejectReason_routeCalltoSCN = 6,
	H225_LocationRejectReason_resourceUnavailable = 7,
	H225_LocationRejectReason_genericDataReason = 8,
	H225_LocationRejectReason_neededFeatureNotSupported = 9,
	H225_LocationRejectReason_hopCountExceeded = 10,
	H225_LocationRejectReason_incompleteAddress = 11,
	H225_LocationRejectReason_securityError = 12,
	H225_LocationRejectReason_securityDHmismatch = 13,
	H225_LocationRejectReason_noRouteToDestination = 14,
	H225_LocationRejectReason_unallocatedNumber = 15,
};

enum {
	H225_LocationReject_requestSeqNum = 0,
	H225_LocationReject_rejectReason = 1,
	H225_LocationReject_nonStandardData = 2,
	H225_LocationReject_altGKInfo = 3,
	H225_LocationReject_tokens = 4,
	H225_LocationReject_cryptoTokens = 5,
	H225_LocationReject_integrityCheckValue = 6,
	H225_LocationReject_featureSet = 7,
	H225_LocationReject_genericData = 8,
	H225_LocationReject_serviceControl = 9,
};

enum {
	H225_InfoRequest_requestSeqNum = 0,
	H225_InfoRequest_callReferenceValue = 1,
	H225_InfoRequest_nonStandardData = 2,
	H225_InfoRequest_replyAddress = 3,
	H225_InfoRequest_callIdentifier = 4,
	H225_InfoRequest_tokens = 5,
	H225_InfoRequest_cryptoTokens = 6,
	H225_InfoRequest_integrityCheckValue = 7,
	H225_InfoRequest_uuiesRequested = 8,
	H225_InfoRequest_callLinkage = 9,
	H225_InfoRequest_usageInfoRequested = 10,
	H225_InfoRequest_segmentedResponseSupported = 11,
	H225_InfoRequest_nextSegmentRequested = 12,
	H225_InfoRequest_capacityInfoRequested = 13,
	H225_InfoRequest_genericData = 14,
	H225_InfoRequest_assignedGatekeeper = 15,
};

enum {
	H225_InfoRequestResponse_perCallInfo_pdu_h323pdu = 0,
	H225_InfoRequestResponse_perCallInfo_pdu_sent = 1,
};

enum {
	H225_InfoRequestResponse_perCallInfo_nonStandardData = 0,
	H225_InfoRequestResponse_perCallInfo_callReferenceValue = 1,
	H225_InfoRequestResponse_perCallInfo_conferenceID = 2,
	H225_InfoRequestResponse_perCallInfo_originator = 3,
	H225_InfoRequestResponse_perCallInfo_audio = 4,
	H225_InfoRequestResponse_perCallInfo_video = 5,
	H225_InfoRequestResponse_perCallInfo_data = 6,
	H225_InfoRequestResponse_perCallInfo_h245 = 7,
	H225_InfoRequestResponse_perCallInfo_callSignalling = 8,
	H225_InfoRequestResponse_perCallInfo_callType = 9,
	H225_InfoRequestResponse_perCallInfo_bandWidth = 10,
	H225_InfoRequestResponse_perCallInfo_callModel = 11,
	H225_InfoRequestResponse_perCallInfo_callIdentifier = 12,
	H225_InfoRequestResponse_perCallInfo_tokens = 13,
	H225_InfoRequestResponse_perCallInfo_cryptoTokens = 14,
	H225_InfoRequestResponse_perCallInfo_substituteConfIDs = 15,
	H225_InfoRequestResponse_perCallInfo_pdu = 16,
	H225_InfoRequestResponse_perCallInfo_callLinkage = 17,
	H225_InfoRequestResponse_perCallInfo_usageInformation = 18,
	H225_InfoRequestResponse_perCallInfo_circuitInfo = 19,
};

enum {
	H225_InfoRequestResponseStatus_complete = 0,
	H225_InfoRequestResponseStatus_incomplete = 1,
	H225_InfoRequestResponseStatus_segment = 2,
	H225_InfoRequestResponseStatus_invalidCall = 3,
};

enum {
	H225_InfoRequestResponse_nonStandardData = 0,
	H225_InfoRequestResponse_requestSeqNum = 1,
	H225_InfoRequestResponse_endpointType = 2,
	H225_InfoRequestResponse_endpointIdentifier = 3,
	H225_InfoRequestResponse_rasAddress = 4,
	H225_InfoRequestResponse_callSignalAddress = 5,
	H225_InfoRequestResponse_endpointAlias = 6,
	H225_InfoRequestResponse_perCallInfo = 7,
	H225_InfoRequestResponse_tokens = 8,
	H225_InfoRequestResponse_cryptoTokens = 9,
	H225_InfoRequestResponse_integrityCheckValue = 10,
	H225_InfoRequestResponse_needResponse = 11,
	H225_InfoRequestResponse_capacity = 12,
	H225_InfoRequestResponse_irrStatus = 13,
	H225_InfoRequestResponse_unsolicited = 14,
	H225_InfoRequestResponse_genericData = 15,
};

enum {
	H225_NonStandardMessage_requestSeqNum = 0,
	H225_NonStandardMessage_nonStandardData = 1,
	H225_NonStandardMessage_tokens = 2,
	H225_NonStandardMessage_cryptoTokens = 3,
	H225_NonStandardMessage_integrityCheckValue = 4,
	H225_NonStandardMessage_featureSet = 5,
	H225_NonStandardMessage_genericData = 6,
};

enum {
	H225_UnknownMessageResponse_requestSeqNum = 0,
	H225_UnknownMessageResponse_tokens = 1,
	H225_UnknownMessageResponse_cryptoTokens = 2,
	H225_UnknownMessageResponse_integrityCheckValue = 3,
	H225_UnknownMessageResponse_messageNotUnderstood = 4,
};

enum {
	H225_RequestInProgress_requestSeqNum = 0,
	H225_RequestInProgress_nonStandardData = 1,
	H225_RequestInProgress_tokens = 2,
	H225_RequestInProgress_cryptoTokens = 3,
	H225_RequestInProgress_integrityCheckValue = 4,
	H225_RequestInProgress_delay = 5,
};

enum {
	H225_ResourcesAvailableIndicate_requestSeqNum = 0,
	H225_ResourcesAvailableIndicate_protocolIdentifier = 1,
	H225_ResourcesAvailableIndicate_nonStandardData = 2,
	H225_ResourcesAvailableIndicate_endpointIdentifier = 3,
	H225_ResourcesAvailableIndicate_protocols = 4,
	H225_ResourcesAvailableIndicate_almostOutOfResources = 5,
	H225_ResourcesAvailableIndicate_tokens = 6,
	H225_ResourcesAvailableIndicate_cryptoTokens = 7,
	H225_ResourcesAvailableIndicate_integrityCheckValue = 8,
	H225_ResourcesAvailableIndicate_capacity = 9,
	H225_ResourcesAvailableIndicate_genericData = 10,
};

enum {
	H225_ResourcesAvailableConfirm_requestSeqNum = 0,
	H225_ResourcesAvailableConfirm_protocolIdentifier = 1,
	H225_ResourcesAvailableConfirm_nonStandardData = 2,
	H225_ResourcesAvailableConfirm_tokens = 3,
	H225_ResourcesAvailableConfirm_cryptoTokens = 4,
	H225_ResourcesAvailableConfirm_integrityCheckValue = 5,
	H225_ResourcesAvailableConfirm_genericData = 6,
};

enum {
	H225_InfoRequestAck_requestSeqNum = 0,
	H225_InfoRequestAck_nonStandardData = 1,
	H225_InfoRequestAck_tokens = 2,
	H225_InfoRequestAck_cryptoTokens = 3,
	H225_InfoRequestAck_integrityCheckValue = 4,
};

enum {
	H225_InfoRequestNakReason_notRegistered = 0,
	H225_InfoRequestNakReason_securityDenial = 1,
	H225_InfoRequestNakReason_undefinedReason = 2,
	H225_InfoRequestNakReason_securityError = 3,
};

enum {
	H225_InfoRequestNak_requestSeqNum = 0,
	H225_InfoRequestNak_nonStandardData = 1,
	H225_InfoRequestNak_nakReason = 2,
	H225_InfoRequestNak_altGKInfo = 3,
	H225_InfoRequestNak_tokens = 4,
	H225_InfoRequestNak_cryptoTokens = 5,
	H225_InfoRequestNak_integrityCheckValue = 6,
};

enum {
	H225_ServiceControlIndication_callSpecific_callIdentifier = 0,
	H225_ServiceControlIndication_callSpecific_conferenceID = 1,
	H225_ServiceControlIndication_callSpecific_answeredCall = 2,
};

enum {
	H225_ServiceControlIndication_requestSeqNum = 0,
	H225_ServiceControlIndication_nonStandardData = 1,
	H225_ServiceControlIndication_serviceControl = 2,
	H225_ServiceControlIndication_endpointIdentifier = 3,
	H225_ServiceControlIndication_callSpecific = 4,
	H225_ServiceControlIndication_tokens = 5,
	H225_ServiceControlIndication_cryptoTokens = 6,
	H225_ServiceControlIndication_integrityCheckValue = 7,
	H225_ServiceControlIndication_featureSet = 8,
	H225_ServiceControlIndication_genericData = 9,
};

enum {
	H225_ServiceControlResponse_result_started = 0,
	H225_ServiceControlResponse_result_failed = 1,
	H225_ServiceControlResponse_result_stopped = 2,
	H225_ServiceControlResponse_result_notAvailable = 3,
	H225_ServiceControlResponse_result_neededFeatureNotSupported = 4,
};

enum {
	H225_ServiceControlResponse_requestSeqNum = 0,
	H225_ServiceControlResponse_result = 1,
	H225_ServiceControlResponse_nonStandardData = 2,
	H225_ServiceControlResponse_tokens = 3,
	H225_ServiceControlResponse_cryptoTokens = 4,
	H225_ServiceControlResponse_integrityCheckValue = 5,
	H225_ServiceControlResponse_featureSet = 6,
	H225_ServiceControlResponse_genericData = 7,
};

enum {
	H225_RasMessage_gatekeeperRequest = 0,
	H225_RasMessage_gatekeeperConfirm = 1,
	H225_RasMessage_gatekeeperReject = 2,
	H225_RasMessage_registrationRequest = 3,
	H225_RasMessage_registrationConfirm = 4,
	H225_RasMessage_registrationReject = 5,
	H225_RasMessage_unregistrationRequest = 6,
	H225_RasMessage_unregistrationConfirm = 7,
	H225_RasMessage_unregistrationReject = 8,
	H225_RasMessage_admissionRequest = 9,
	H225_RasMessage_admissionConfirm = 10,
	H225_RasMessage_admissionReject = 11,
	H225_RasMessage_bandwidthRequest = 12,
	H225_RasMessage_bandwidthConfirm = 13,
	H225_RasMessage_bandwidthReject = 14,
	H225_RasMessage_disengageRequest = 15,
	H225_RasMessage_disengageConfirm = 16,
	H225_RasMessage_disengageReject = 17,
	H225_RasMessage_locationRequest = 18,
	H225_RasMessage_locationConfirm = 19,
	H225_RasMessage_locationReject = 20,
	H225_RasMessage_infoRequest = 21,
	H225_RasMessage_infoRequestResponse = 22,
	H225_RasMessage_nonStandardMessage = 23,
	H225_RasMessage_unknownMessageResponse = 24,
	H225_RasMessage_requestInProgress = 25,
	H225_RasMessage_resourcesAvailableIndicate = 26,
	H225_RasMessage_resourcesAvailableConfirm = 27,
	H225_RasMessage_infoRequestAck = 28,
	H225_RasMessage_infoRequestNak = 29,
	H225_RasMessage_serviceControlIndication = 30,
	H225_RasMessage_serviceControlResponse = 31,
	H225_RasMessage_admissionConfirmSequence = 32,
};

enum {
	H46018_IncomingCallIndication_callSignallingAddress = 0,
	H46018_IncomingCallIndication_callID = 1,
};

enum {
	H46018_LRQKeepAliveData_lrqKeepAliveInterval = 0,
};

enum {
	H46019_TraversalParameters_multiplexedMediaChannel = 0,
	H46019_TraversalParameters_multiplexedMediaControlChannel = 1,
	H46019_TraversalParameters_multiplexID = 2,
	H46019_TraversalParameters_keepAliveChannel = 3,
	H46019_TraversalParameters_keepAlivePayloadType = 4,
	H46019_TraversalParameters_keepAliveInterval = 5,
};

enum {
	H2358_FecOrder_fecBeforeSrtp = 0,
	H2358_FecOrder_fecAfterSrtp = 1,
};

enum {
	H2358_SrtpSessionParameters_kdr = 0,
	H2358_SrtpSessionParameters_unencryptedSrtp = 1,
	H2358_SrtpSessionParameters_unencryptedSrtcp = 2,
	H2358_SrtpSessionParameters_unauthenticatedSrtp = 3,
	H2358_SrtpSessionParameters_fecOrder = 4,
	H2358_SrtpSessionParameters_windowSizeHint = 5,
	H2358_SrtpSessionParameters_newParameter = 6,
};

enum {
	H2358_SrtpCryptoInfo_cryptoSuite = 0,
	H2358_SrtpCryptoInfo_sessionParams = 1,
	H2358_SrtpCryptoInfo_allowMKI = 2,
};

enum {
	H2358_SrtpKeyParameters_lifetime_powerOfTwo = 0,
	H2358_SrtpKeyParameters_lifetime_specific = 1,
};

enum {
	H2358_SrtpKeyParameters_mki_length = 0,
	H2358_SrtpKeyParameters_mki_value = 1,
};

enum {
	H2358_SrtpKeyParameters_masterKey = 0,
	H2358_SrtpKeyParameters_masterSalt = 1,
	H2358_SrtpKeyParameters_lifetime = 2,
	H2358_SrtpKeyParameters_mki = 3,
};
/* clang-format on */

#endif
