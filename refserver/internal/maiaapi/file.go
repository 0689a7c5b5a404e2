package maiaapi

import (
	"context"

	"github.com/parley-contracts/parley/gen/maia/ginserver"
)

// CreateUpload says where a file goes.
//
//contract:operation createUpload
func (h *API) CreateUpload(ctx context.Context, request ginserver.CreateUploadRequestObject) (ginserver.CreateUploadResponseObject, error) {
	ctx, caller, err := enter(ctx)
	if err != nil {
		return nil, err
	}
	upload, err := h.Service.AnnounceFile(ctx, caller, request.Body.FileName, request.Body.ContentType, request.Body.Size)
	if err != nil {
		return nil, wireError(err)
	}
	return ginserver.CreateUpload200JSONResponse{
		UploadURL: upload.URL, FileKey: upload.Key, ExpiresAt: upload.Expires.UnixMilli(),
	}, nil
}

// GetAttachment says where a file can be fetched.
//
//contract:operation getAttachment
func (h *API) GetAttachment(ctx context.Context, request ginserver.GetAttachmentRequestObject) (ginserver.GetAttachmentResponseObject, error) {
	ctx, caller, err := enter(ctx)
	if err != nil {
		return nil, err
	}
	download, err := h.Service.Download(ctx, caller, request.FileKey)
	if err != nil {
		return nil, wireError(err)
	}
	return ginserver.GetAttachment200JSONResponse{
		DownloadURL: download.URL, ExpiresAt: download.Expires.UnixMilli(),
		ContentType: download.File.ContentType, Size: download.File.Size,
	}, nil
}
